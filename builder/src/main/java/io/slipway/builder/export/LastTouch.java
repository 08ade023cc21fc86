package io.slipway.builder.export;

import io.slipway.builder.frontend.BuildPlan;
import io.slipway.image.model.ImageConfig;
import java.io.IOException;

/** Changes an image's config when all else is in it. */
@FunctionalInterface
public interface LastTouch {
  /** Leaves it as it is. */
  LastTouch NONE = (plan, config) -> config;

  ImageConfig on(BuildPlan plan, ImageConfig config) throws IOException;
}
