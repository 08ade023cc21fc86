package io.slipway.registry.http;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;

/**
 * What a server lets itself be asked for. Sizes are in bytes.
 *
 * @param diskReserve space that uploads leave free, so that metadata can still be written when the
 *     disk is full of blobs
 * @param cache memory for manifests and small blobs that are asked for often
 * @param connectionIdle a connection on which nothing moves for so long is closed
 * @param uploadIdle an upload session without activity for so long is discarded
 * @param shutdownGrace how long a closing server waits for requests under way
 */
public record RegistryLimits(
    long diskReserve,
    long cache,
    Duration connectionIdle,
    Duration uploadIdle,
    Duration shutdownGrace) {

  public RegistryLimits {
    Objects.requireNonNull(connectionIdle, "connectionIdle");
    Objects.requireNonNull(uploadIdle, "uploadIdle");
    Objects.requireNonNull(shutdownGrace, "shutdownGrace");
    if (diskReserve < 0 || cache < 0) {
      throw SlipwayException.invalid("registry limits must not be negative");
    }
  }

  /** 64 MiB reserve, 32 MiB cache, 5 minutes, 24 hours, 10 seconds. */
  public static RegistryLimits defaults() {
    return new RegistryLimits(
        64L << 20, 32L << 20, Duration.ofMinutes(5), Duration.ofHours(24), Duration.ofSeconds(10));
  }
}
