package io.slipway.runtime.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code resolv.conf}: who answers names, and how short names are completed.
 *
 * @param nameservers addresses, in order
 * @param search domains tried after a short name
 * @param options as written, {@code ndots:2}
 */
public record ResolvConf(List<String> nameservers, List<String> search, List<String> options) {
  /** What Docker falls back to when the host has no name server a container could reach. */
  private static final List<String> PUBLIC_SERVERS = List.of("8.8.8.8", "8.8.4.4");

  private static final String RESOLVED_STUB = "127.0.0.53";
  private static final Path RESOLVED_UPSTREAM = Path.of("/run/systemd/resolve/resolv.conf");

  public ResolvConf {
    nameservers = List.copyOf(nameservers);
    search = List.copyOf(search);
    options = List.copyOf(options);
  }

  /**
   * The host's, for containers with a network of their own: its file read, and {@link
   * #forOwnNamespace} applied.
   *
   * @param file usually {@code /etc/resolv.conf}; a missing one names nobody
   */
  public static ResolvConf forOwnNamespace(Path file) throws IOException {
    return ofHost(file, RESOLVED_UPSTREAM).forOwnNamespace();
  }

  /**
   * The host's with all its servers, also those on its loopback address: for a name server that can
   * ask them in the host's place.
   */
  public static ResolvConf ofHost(Path file) throws IOException {
    return ofHost(file, RESOLVED_UPSTREAM);
  }

  /** What a container reads that asks our own name server, which asks these. */
  public ResolvConf throughNameServer() {
    List<String> all = new ArrayList<>(options);
    if (options.stream().noneMatch(option -> option.startsWith("ndots:"))) {
      all.add("ndots:0");
    }
    return new ResolvConf(List.of(NameServer.ADDRESS.toString()), search, all);
  }

  /** The servers as our own name server asks them; names and zones are left out. */
  public List<DnsUpstream> upstream() {
    List<DnsUpstream> all = new ArrayList<>();
    for (String server : nameservers) {
      try {
        IpAddress address = IpAddress.parse(server);
        all.add(new DnsUpstream(address, address.isLoopback()));
      } catch (IllegalArgumentException e) {
        // An address with a zone, fe80::1%eth0, means nothing outside of the host.
        continue;
      }
    }
    return all;
  }

  /**
   * systemd-resolved puts its own loopback address into the usual file and keeps the real servers
   * in another one, which is the one containers need.
   */
  static ResolvConf ofHost(Path usual, Path upstream) throws IOException {
    if (!Files.exists(usual)) {
      return new ResolvConf(List.of(), List.of(), List.of());
    }
    ResolvConf conf = parse(Files.readString(usual));
    boolean stub = conf.nameservers().equals(List.of(RESOLVED_STUB));
    return stub && Files.exists(upstream) ? parse(Files.readString(upstream)) : conf;
  }

  /** Reads a file's text; unknown lines and comments are passed over. */
  public static ResolvConf parse(String text) {
    List<String> nameservers = new ArrayList<>();
    List<String> search = List.of();
    List<String> options = new ArrayList<>();
    for (String line : text.lines().toList()) {
      List<String> words = words(line);
      if (words.size() < 2) {
        continue;
      }
      List<String> values = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "nameserver" -> nameservers.add(values.getFirst());
        // The last of these lines counts, as the C library reads it.
        case "search", "domain" -> search = values;
        case "options" -> options.addAll(values);
        default -> {}
      }
    }
    return new ResolvConf(nameservers, search, options);
  }

  private static List<String> words(String line) {
    int comment = line.indexOf('#');
    String text = (comment < 0 ? line : line.substring(0, comment)).strip();
    return text.startsWith(";") ? List.of() : List.of(text.split("\\s+"));
  }

  /**
   * The host's file as a container in a namespace of its own can use it: servers on the host's
   * loopback are left out, public ones stand in if none is left.
   */
  public ResolvConf forOwnNamespace() {
    List<String> reachable = nameservers.stream().filter(server -> !isLoopback(server)).toList();
    return new ResolvConf(reachable.isEmpty() ? PUBLIC_SERVERS : reachable, search, options);
  }

  /** The user's {@code --dns*} values, where given, in place of these. */
  public ResolvConf overriddenBy(List<String> dns, List<String> domains, List<String> settings) {
    List<String> searched = domains.equals(List.of(".")) ? List.of() : domains;
    return new ResolvConf(
        dns.isEmpty() ? nameservers : dns,
        domains.isEmpty() ? search : searched,
        settings.isEmpty() ? options : settings);
  }

  private static boolean isLoopback(String server) {
    return server.startsWith("127.") || server.equals("::1");
  }

  /** The file's text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    nameservers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
    if (!search.isEmpty()) {
      text.append("search ").append(String.join(" ", search)).append('\n');
    }
    if (!options.isEmpty()) {
      text.append("options ").append(String.join(" ", options)).append('\n');
    }
    return text.toString();
  }
}
