package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;

/** What a server lets itself be asked for. Sizes are in bytes. */
public record RegistryLimits(
    @Setting(
            value =
                "space that uploads leave free, so that metadata can still be written when the disk"
                    + " is full of blobs",
            preset = "64MiB")
        long diskReserve,
    @Setting(
            value = "memory for manifests and small blobs that are asked for often",
            preset = "32MiB")
        long cache,
    @Setting(value = "a connection on which nothing moves for so long is closed", preset = "5m")
        Duration connectionIdle,
    @Setting(value = "an upload without activity for so long is discarded", preset = "24h")
        Duration uploadIdle,
    @Setting(value = "how long a stopping server waits for requests under way", preset = "10s")
        Duration shutdownGrace,
    @Setting(
            value =
                "how long a stopping server says that it is not ready before it stops to take"
                    + " connections",
            preset = "0s")
        Duration drainDelay) {

  public RegistryLimits {
    Objects.requireNonNull(connectionIdle, "connectionIdle");
    Objects.requireNonNull(uploadIdle, "uploadIdle");
    Objects.requireNonNull(shutdownGrace, "shutdownGrace");
    Objects.requireNonNull(drainDelay, "drainDelay");
    if (diskReserve < 0 || cache < 0) {
      throw SlipwayException.invalid("registry limits must not be negative");
    }
  }

  public static RegistryLimits defaults() {
    return SettingsReader.defaults(RegistryLimits.class);
  }
}
