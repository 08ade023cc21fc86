package io.slipway.registry.config;

import java.util.Objects;
import java.util.Optional;

/** Figures for Prometheus. */
public record MetricsSettings(
    @Setting(
            "address of its own on which `/metrics` is answered, without TLS and to everybody who"
                + " reaches it; none: no metrics")
        Optional<ListenAddress> listen) {
  public MetricsSettings {
    Objects.requireNonNull(listen, "listen");
  }
}
