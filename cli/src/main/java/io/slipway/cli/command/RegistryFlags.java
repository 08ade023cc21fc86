package io.slipway.cli.command;

import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.config.SettingsReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The settings of a registry as a command line gives them: a file, the environment, flags. */
final class RegistryFlags {
  private RegistryFlags() {}

  /** A flag of its own for a setting that is set often. */
  private record Short(String flag, String key, String label, String usage) {}

  /** A flag that stands for one value of a setting. */
  private record Switch(String flag, String key, String value, String usage) {}

  private static final List<Short> TEXTS =
      List.of(
          new Short("--listen", "listen", "host:port", "Address to listen on"),
          new Short("--data-root", "data-root", "path", "Folder of all repositories and blobs"),
          new Short("--htpasswd", "auth.htpasswd", "path", "File of users and bcrypt hashes"),
          new Short(
              "--auth", "auth.scheme", "scheme", "How clients prove who they are: basic, token"),
          new Short("--tls", "tls.mode", "mode", "TLS: off, auto (own CA), files"),
          new Short("--tls-cert", "tls.cert", "path", "Certificate chain in PEM"),
          new Short("--tls-key", "tls.key", "path", "Key of the certificate in PEM"),
          new Short("--audit-log", "log.audit", "path", "File of JSON lines: who changed what"),
          new Short(
              "--gc-interval",
              "upkeep.gc.interval",
              "duration",
              "Collect garbage so often (default 1h; 0: never)"),
          new Short(
              "--gc-grace",
              "upkeep.gc.grace",
              "duration",
              "Keep what nothing needs for so long after its last use (default 24h)"),
          new Short(
              "--scrub-rate",
              "upkeep.scrub.bytes-per-second",
              "size",
              "Read stored content again at so many bytes a second (default 8MiB; 0: never)"),
          new Short("--metrics", "metrics.listen", "host:port", "Address to answer /metrics on"));

  private static final List<Switch> SWITCHES =
      List.of(
          new Switch("--access-log", "log.access", "true", "Print a line for each request"),
          new Switch(
              "--read-only", "read-only", "true", "Refuse everything that changes something"),
          new Switch(
              "--keep-untagged", "upkeep.gc.untagged", "false", "Keep manifests that have no tag"));

  private static final List<Short> LISTS =
      List.of(
          new Short(
              "--retention",
              "upkeep.retention",
              "rule",
              "Remove tags by a rule, such as \"team/* tags=^dev- keep=10 pulled=30d\""),
          new Short(
              "--immutable-tags",
              "upkeep.immutable-tags",
              "pattern",
              "Tags that are set once and stay, such as \"team/* ^v[0-9]\""),
          new Short(
              "--quota",
              "upkeep.quotas",
              "quota",
              "What a namespace may hold, such as \"team bytes=10g tags=1000 repositories=20\""));

  static Options describe(Options options) {
    options.text("YAML file of settings", "path", "--config");
    TEXTS.forEach(f -> options.text(f.usage(), f.label(), f.flag()));
    SWITCHES.forEach(f -> options.flag(f.usage(), f.flag()));
    LISTS.forEach(f -> options.list(f.usage(), f.label(), f.flag()));
    return options.list("Any setting, such as limits.cache=1GiB", "key=value", "--set");
  }

  static RegistrySettings read(Invocation call) {
    Map<String, String> flags = new LinkedHashMap<>();
    for (String pair : call.list("--set")) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new UsageException("--set wants key=value, got " + pair);
      }
      flags.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    for (Short text : TEXTS) {
      if (!call.text(text.flag()).isEmpty()) {
        flags.put(text.key(), call.text(text.flag()));
      }
    }
    for (Switch flag : SWITCHES) {
      if (call.flag(flag.flag())) {
        flags.put(flag.key(), flag.value());
      }
    }
    for (Short list : LISTS) {
      if (!call.list(list.flag()).isEmpty()) {
        flags.put(list.key(), yaml(call.list(list.flag())));
      }
    }
    Optional<Path> file =
        Optional.of(call.text("--config")).filter(f -> !f.isEmpty()).map(Path::of);
    return SettingsReader.read(file, System.getenv(), flags);
  }

  /** A YAML list of texts. */
  private static String yaml(List<String> words) {
    return words.stream()
        .map(w -> "\"" + w.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
