package io.slipway.builder;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a daemon's owner sets for all its builds.
 *
 * @param cacheBytes what the build cache may take on disk, without what images stand on; empty for
 *     a tenth of the disk
 */
public record BuilderSettings(OptionalLong cacheBytes) {
  public static final BuilderSettings DEFAULTS = new BuilderSettings(OptionalLong.empty());

  public BuilderSettings {
    Objects.requireNonNull(cacheBytes, "cacheBytes");
  }
}
