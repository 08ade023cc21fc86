package io.slipway.engine.container;

import io.slipway.engine.http.Cancellation;
import io.slipway.engine.state.ContainerState;
import io.slipway.image.error.SlipwayException;
import java.util.Optional;

/** Waits until a container is in a state that a client wants to see. */
final class ContainerWait {
  private ContainerWait() {}

  /** What {@code wait} waits for. */
  enum Condition {
    NOT_RUNNING,
    NEXT_EXIT,
    REMOVED;

    static Condition parse(String text) {
      return switch (text) {
        case "", "not-running" -> NOT_RUNNING;
        case "next-exit" -> NEXT_EXIT;
        case "removed" -> REMOVED;
        default -> throw SlipwayException.invalid("invalid condition: \"" + text + "\"");
      };
    }
  }

  /** Waits; empty when the client went away first. */
  static Optional<ContainerState> await(
      Container container, Condition condition, int exitsBefore, Cancellation cancellation)
      throws InterruptedException {
    cancellation.onCancel(container::wake);
    container.await(() ->
        cancellation.isCancelled()
            || switch (condition) {
              // an end counts, although a policy may be about to start it again
              case NOT_RUNNING ->
                  container.isRemoved()
                      || !container.state().isRunning()
                      || container.exits() != exitsBefore;
              case NEXT_EXIT -> container.isRemoved() || container.exits() != exitsBefore;
              case REMOVED -> container.isRemoved();
            });
    return cancellation.isCancelled() ? Optional.empty() : Optional.of(container.state());
  }
}
