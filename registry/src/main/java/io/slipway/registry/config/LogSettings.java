package io.slipway.registry.config;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** What is reported of requests. */
public record LogSettings(
    @Setting(value = "report each request with a line in the log", preset = "false") boolean access,
    @Setting(
            "file of JSON lines that says who changed what, who got a token and who was turned"
                + " away")
        Optional<Path> audit) {
  public LogSettings {
    Objects.requireNonNull(audit, "audit");
  }
}
