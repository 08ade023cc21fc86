package io.slipway.builder;

import io.slipway.builder.context.ArchiveLimits;
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
 * @param failedSteps how many RUN steps that failed are kept to be entered
 * @param archives what an archive that a build unpacks may hold
 */
public record BuilderSettings(
    OptionalLong cacheBytes,
    Optional<String> cacheRegistry,
    int failedSteps,
    ArchiveLimits archives) {
  public static final int DEFAULT_FAILED_STEPS = 5;
  public static final BuilderSettings DEFAULTS =
      new BuilderSettings(
          OptionalLong.empty(), Optional.empty(), DEFAULT_FAILED_STEPS, ArchiveLimits.DEFAULTS);

  public BuilderSettings {
    Objects.requireNonNull(cacheBytes, "cacheBytes");
    Objects.requireNonNull(cacheRegistry, "cacheRegistry");
    Objects.requireNonNull(archives, "archives");
  }
}
