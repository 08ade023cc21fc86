package io.slipway.builder;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a daemon's owner sets for all its builds.
 *
 * @param cacheBytes what the build cache may take on disk, without what images stand on; empty for
 *     a tenth of the disk
 * @param cacheRegistry {@code host[:port]/path} below which all builds keep and look for results of
 *     other machines; empty for none
 */
public record BuilderSettings(OptionalLong cacheBytes, Optional<String> cacheRegistry) {
  public static final BuilderSettings DEFAULTS =
      new BuilderSettings(OptionalLong.empty(), Optional.empty());

  public BuilderSettings {
    Objects.requireNonNull(cacheBytes, "cacheBytes");
    Objects.requireNonNull(cacheRegistry, "cacheRegistry");
  }
}
