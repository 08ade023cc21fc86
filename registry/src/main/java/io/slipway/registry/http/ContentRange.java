package io.slipway.registry.http;

import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a chunk of an upload goes: {@code first-last}, both included. The distribution-spec writes
 * it without a unit; the {@code bytes} prefix and the total of RFC 9110 are tolerated.
 */
record ContentRange(long first, long last) {
  private static final Pattern FORM =
      Pattern.compile("(?:bytes[ =])?(\\d{1,18})-(\\d{1,18})(?:/(?:\\d+|\\*))?");

  /** Empty without a header; 400 when it is malformed or runs backwards. */
  static Optional<ContentRange> parse(String header) {
    if (header == null) {
      return Optional.empty();
    }
    Matcher match = FORM.matcher(header.strip());
    if (!match.matches()) {
      throw malformed(header);
    }
    long first = Long.parseLong(match.group(1));
    long last = Long.parseLong(match.group(2));
    if (last < first) {
      throw malformed(header);
    }
    return Optional.of(new ContentRange(first, last));
  }

  long length() {
    return last - first + 1;
  }

  private static RegistryFault malformed(String header) {
    return RegistryFault.of(ErrorCode.SIZE_INVALID, "malformed content-range", header);
  }
}
