package io.slipway.registry.admin;

import io.slipway.registry.config.SparseManifests;
import io.slipway.registry.config.UpkeepSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * How a data root is used.
 *
 * @param root the folder that holds all state; made when missing
 * @param uploadIdle an upload session without activity for so long is discarded
 * @param diskReserve bytes that uploads leave free
 * @param cache bytes of memory for contents that are asked for often
 */
public record StorageSettings(
    Path root,
    Duration uploadIdle,
    long diskReserve,
    long cache,
    SparseManifests sparse,
    UpkeepSettings upkeep) {
  private static final long OFFLINE_CACHE = 8L << 20;

  public StorageSettings {
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(uploadIdle, "uploadIdle");
    Objects.requireNonNull(sparse, "sparse");
    Objects.requireNonNull(upkeep, "upkeep");
  }

  /** For work on a data root that no server serves; {@code uploadIdle} is the default's. */
  public static StorageSettings offline(Path root, UpkeepSettings upkeep) {
    return new StorageSettings(
        root, Duration.ofHours(24), 0, OFFLINE_CACHE, SparseManifests.ALLOW_ALL, upkeep);
  }
}
