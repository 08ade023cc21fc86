package io.slipway.engine.container;

import io.slipway.engine.state.ContainerState;
import io.slipway.engine.state.Health;
import java.time.Duration;
import java.time.Instant;

/** The STATUS column of {@code docker ps}, which the engine writes. */
final class StatusText {
  private StatusText() {}

  static String of(ContainerState state, Instant now) {
    return switch (state.status()) {
      case CREATED -> "Created";
      case RUNNING -> "Up " + since(state.startedAt(), now) + health(state.health());
      case PAUSED -> "Up " + since(state.startedAt(), now) + " (Paused)";
      case RESTARTING ->
          "Restarting (" + state.exitCode() + ") " + since(state.finishedAt(), now) + " ago";
      case REMOVING -> "Removal In Progress";
      case DEAD -> "Dead";
      case EXITED ->
          state.finishedAt().equals(ContainerState.NEVER)
              ? ""
              : "Exited (" + state.exitCode() + ") " + since(state.finishedAt(), now) + " ago";
    };
  }

  private static String health(Health health) {
    if (health == null) {
      return "";
    }
    String label = health.status().label();
    return health.status() == Health.Status.STARTING
        ? " (health: " + label + ")"
        : " (" + label + ")";
  }

  private static String since(Instant then, Instant now) {
    return HumanDuration.of(Duration.between(then, now));
  }
}
