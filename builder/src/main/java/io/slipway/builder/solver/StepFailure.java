package io.slipway.builder.solver;

import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.graph.Vertex;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;

/** Gives failures the Dockerfile lines of the step they happened in. */
final class StepFailure {
  private StepFailure() {}

  static Exception locate(Vertex vertex, Exception failure) {
    return switch (failure) {
      case StepFailedException told -> told;
      case DockerfileException told -> told;
      case SlipwayException known ->
          new DockerfileException(known.kind(), known.getMessage(), vertex.info().excerpt(), known);
      case IOException disk ->
          new DockerfileException(
              isFull(disk) ? ErrorKind.NO_SPACE : ErrorKind.INTERNAL,
              vertex.info().name() + ": " + disk.getMessage(),
              vertex.info().excerpt(),
              disk);
      default -> failure;
    };
  }

  private static boolean isFull(IOException failure) {
    String message = failure.getMessage();
    return message != null
        && (message.contains("ENOSPC") || message.contains("No space left on device"));
  }
}
