package io.slipway.engine.build;

import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.StepId;
import java.time.Instant;

/**
 * Passes events on and knows whether a step told of its failure, with the Dockerfile lines at
 * fault. A build that fails before its steps do (an instruction that cannot be understood, a base
 * image that is not there) has no step to tell it.
 */
final class ToldFailure implements BuildListener {
  private final BuildListener listener;
  private boolean told;

  ToldFailure(BuildListener listener) {
    this.listener = listener;
  }

  @Override
  public synchronized void on(BuildEvent event) {
    told |= event instanceof BuildEvent.Failed;
    listener.on(event);
  }

  /** Shows the lines at fault, if no step did. */
  synchronized void tell(DockerfileException failure) {
    if (!told && failure.excerpt().isPresent()) {
      StepId place = new StepId(failure.excerpt().get().place());
      on(new BuildEvent.Failed(Instant.now(), place, failure.getMessage(), failure.excerpt()));
    }
  }
}
