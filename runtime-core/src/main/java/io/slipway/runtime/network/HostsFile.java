package io.slipway.runtime.network;

import java.util.ArrayList;
import java.util.List;

/** Builds an {@code /etc/hosts} as Docker writes it. Immutable. */
public final class HostsFile {
  private static final String FIXED =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::\tip6-localnet
      ff00::\tip6-mcastprefix
      ff02::1\tip6-allnodes
      ff02::2\tip6-allrouters
      """;

  private final List<String> lines;

  private HostsFile(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /** The localhost lines alone. */
  public static HostsFile standard() {
    return new HostsFile(List.of());
  }

  /**
   * Adds an address with its names.
   *
   * @param address IPv4 or IPv6, as it shall be written
   * @param names at least one; the container's own host name with its domain comes first
   */
  public HostsFile with(String address, List<String> names) {
    List<String> more = new ArrayList<>(lines);
    more.add(address + "\t" + String.join(" ", names));
    return new HostsFile(more);
  }

  /** The file's text. */
  public String text() {
    StringBuilder text = new StringBuilder(FIXED);
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
