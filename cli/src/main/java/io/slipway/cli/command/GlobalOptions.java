package io.slipway.cli.command;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options before the command: which daemon is meant, and how it is spoken to.
 *
 * @param texts the values of {@code --host}, {@code --context}, {@code --tlscacert}, {@code
 *     --tlscert} and {@code --tlskey} that were given
 * @param tlsVerify whether {@code --tlsverify} was given, and as what
 */
record GlobalOptions(Map<String, String> texts, Optional<Boolean> tlsVerify) {
  private static final Map<String, String> WITH_VALUE =
      Map.of(
          "-H", "--host",
          "--host", "--host",
          "-c", "--context",
          "--context", "--context",
          "--tlscacert", "--tlscacert",
          "--tlscert", "--tlscert",
          "--tlskey", "--tlskey");

  static final String VERIFY = "--tlsverify";

  GlobalOptions {
    texts = Map.copyOf(texts);
  }

  Optional<String> text(String option) {
    return Optional.ofNullable(texts.get(option));
  }

  /** Takes the options from the front of the words; help and version are left there. */
  static GlobalOptions take(List<String> words) {
    Map<String, String> texts = new HashMap<>();
    Optional<Boolean> verify = Optional.empty();
    while (!words.isEmpty() && words.getFirst().startsWith("-")) {
      String[] parts = words.getFirst().split("=", 2);
      if (List.of("-v", "--version", "--help", "-h").contains(parts[0])) {
        break;
      }
      if (parts[0].equals(VERIFY)) {
        words.removeFirst();
        verify = Optional.of(parts.length == 1 || Boolean.parseBoolean(parts[1]));
      } else if (WITH_VALUE.containsKey(parts[0])) {
        texts.put(WITH_VALUE.get(parts[0]), value(words, parts));
      } else {
        throw new UsageException("unknown flag: " + parts[0]);
      }
    }
    return new GlobalOptions(texts, verify);
  }

  private static String value(List<String> words, String[] parts) {
    if (parts.length == 1 && words.size() < 2) {
      throw new UsageException("flag needs an argument: " + parts[0]);
    }
    words.removeFirst();
    return parts.length == 2 ? parts[1] : words.removeFirst();
  }

  /** The lines of help. */
  static String help() {
    return """
    -H, --host string        Daemon to connect to: unix:///path, tcp://host:port or
                             ssh://user@host; default: DOCKER_HOST, else the context,
                             else an own daemon that starts by itself
    -c, --context string     Name of the context to use (see 'slipway context')
        --tlsverify          Use TLS and verify the daemon (or DOCKER_TLS_VERIFY)
        --tlscacert string   Trust certs signed only by this CA
        --tlscert string     Path to TLS certificate file
        --tlskey string      Path to TLS key file
    -v, --version            Print version information and quit\
    """
        .indent(2)
        .stripTrailing();
  }
}
