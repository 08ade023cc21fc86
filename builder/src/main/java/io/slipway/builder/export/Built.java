package io.slipway.builder.export;

import io.slipway.builder.frontend.BuildPlan;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.util.Objects;
import java.util.Optional;

/**
 * What a plan came to.
 *
 * @param top the built tree; empty for an image without layers
 */
public record Built(BuildPlan plan, Optional<SnapshotKey> top) {
  public Built {
    Objects.requireNonNull(plan, "plan");
    Objects.requireNonNull(top, "top");
  }
}
