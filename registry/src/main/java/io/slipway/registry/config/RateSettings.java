package io.slipway.registry.config;

import java.util.Objects;

/** How much one client may ask for; what is too much is answered 429 with Retry-After. */
public record RateSettings(
    @Setting(value = "requests of one address, such as `100/s`", preset = "none") Rate perAddress,
    @Setting(value = "requests of one user", preset = "none") Rate perUser,
    @Setting(
            value =
                "wrong passwords and tokens from one address; then only callers known already come"
                    + " in from there",
            preset = "60/m")
        Rate failedLogins) {
  public RateSettings {
    Objects.requireNonNull(perAddress, "perAddress");
    Objects.requireNonNull(perUser, "perUser");
    Objects.requireNonNull(failedLogins, "failedLogins");
  }
}
