package io.slipway.registry.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Everything that can be set of a registry. */
public record RegistrySettings(
    @Setting(
            value = "address to listen on, `host:port`, or `:port` for all addresses",
            preset = "127.0.0.1:5000")
        ListenAddress listen,
    @Setting(
            "folder that holds all state; made when missing, used by one server at a time; must be"
                + " given")
        Path dataRoot,
    @Setting(
            "URL that clients reach the registry by, if they cannot be told from their requests;"
                + " ends up in challenges for tokens")
        Optional<URI> publicUrl,
    @Setting("addresses of proxies whose X-Forwarded-For names the client")
        List<String> trustedProxies,
    @Setting(
            value =
                "refuse everything that changes something; at run time: `slipway registry read-only"
                    + " on`",
            preset = "false")
        boolean readOnly,
    @Setting("bounds") RegistryLimits limits,
    @Setting("manifests") ManifestSettings manifests,
    @Setting("upkeep") UpkeepSettings upkeep,
    @Setting("mirror") MirrorSettings mirror,
    @Setting("reports") LogSettings log,
    @Setting("encryption") TlsSettings tls,
    @Setting("users") AuthSettings auth,
    @Setting("rates") RateSettings rates,
    @Setting("metrics") MetricsSettings metrics) {

  public RegistrySettings {
    Objects.requireNonNull(listen, "listen");
    Objects.requireNonNull(dataRoot, "dataRoot");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(manifests, "manifests");
    Objects.requireNonNull(upkeep, "upkeep");
    Objects.requireNonNull(mirror, "mirror");
    Objects.requireNonNull(log, "log");
    Objects.requireNonNull(publicUrl, "publicUrl");
    trustedProxies = List.copyOf(trustedProxies);
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(auth, "auth");
    Objects.requireNonNull(rates, "rates");
    Objects.requireNonNull(metrics, "metrics");
  }

  /** An open registry with all defaults. */
  public static RegistrySettings of(ListenAddress listen, Path dataRoot) {
    return of(listen, dataRoot, Map.of());
  }

  /** With defaults but for some values by key, for example {@code limits.cache} {@code 1GiB}. */
  public static RegistrySettings of(
      ListenAddress listen, Path dataRoot, Map<String, String> values) {
    Map<String, String> all = new HashMap<>(values);
    all.put("listen", listen.toString());
    all.put("data-root", dataRoot.toString());
    return SettingsReader.read(Optional.empty(), Map.of(), all);
  }
}
