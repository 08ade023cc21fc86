package io.slipway.builder.frontend;

import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.image.model.Platform;
import java.util.Objects;

/**
 * One Dockerfile to be planned.
 *
 * @param dockerfile parsed without errors
 * @param source its text, for quoting
 * @param hostPlatform of this machine, the only one that steps can run on
 * @param slotPrefix what tells this Dockerfile's steps from those of others, the same from build to
 *     build
 * @param manyPlatforms whether the same Dockerfile is planned for several platforms at once
 */
public record FrontendInput(
    Dockerfile dockerfile,
    SourceText source,
    BuildOptions options,
    Platform hostPlatform,
    String slotPrefix,
    boolean manyPlatforms) {

  /** For one platform. */
  public FrontendInput(
      Dockerfile dockerfile,
      SourceText source,
      BuildOptions options,
      Platform hostPlatform,
      String slotPrefix) {
    this(dockerfile, source, options, hostPlatform, slotPrefix, false);
  }

  /** The same Dockerfile with other options. */
  public FrontendInput with(BuildOptions other) {
    return new FrontendInput(dockerfile, source, other, hostPlatform, slotPrefix, manyPlatforms);
  }

  /** The same Dockerfile with other options, as one of several. */
  public FrontendInput oneOfMany(BuildOptions other) {
    return new FrontendInput(dockerfile, source, other, hostPlatform, slotPrefix, true);
  }

  public FrontendInput {
    Objects.requireNonNull(dockerfile, "dockerfile");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(hostPlatform, "hostPlatform");
    Objects.requireNonNull(slotPrefix, "slotPrefix");
  }
}
