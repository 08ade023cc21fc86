package io.slipway.builder.prune;

import io.slipway.builder.context.BuildContexts;
import io.slipway.builder.op.FailedSteps;
import io.slipway.builder.op.StepFolders;
import io.slipway.builder.remote.Remotes;
import java.util.Objects;

/** Who keeps something beside the results of steps. */
public record CacheFolders(
    StepFolders steps, FailedSteps failures, Remotes remotes, BuildContexts contexts) {

  public CacheFolders {
    Objects.requireNonNull(steps, "steps");
    Objects.requireNonNull(failures, "failures");
    Objects.requireNonNull(remotes, "remotes");
    Objects.requireNonNull(contexts, "contexts");
  }
}
