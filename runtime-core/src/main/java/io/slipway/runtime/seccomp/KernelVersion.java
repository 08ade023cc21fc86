package io.slipway.runtime.seccomp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Major and minor number of a kernel, for rules that start with a certain one. */
public record KernelVersion(int major, int minor) implements Comparable<KernelVersion> {
  private static final int MAX_BYTES = 64;
  private static final Pattern FORM = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** Reads {@code 6.1} or {@code 6.1.0-13-amd64}. */
  public static KernelVersion parse(String text) {
    Matcher numbers = FORM.matcher(text.strip());
    if (!numbers.matches()) {
      throw new IllegalArgumentException("not a kernel version: " + text.strip());
    }
    return new KernelVersion(
        Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
  }

  /** The running kernel's. */
  public static KernelVersion running() throws IOException {
    // A sysctl wants to be read in one go; Files.readString starts with a single byte.
    try (InputStream in = Files.newInputStream(Path.of("/proc/sys/kernel/osrelease"))) {
      return parse(new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII));
    }
  }

  @Override
  public int compareTo(KernelVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }
}
