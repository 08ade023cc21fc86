package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The outputs of a build on their way here, each on a connection of its own. */
final class OutputTransfers {
  private final List<FutureTask<Void>> tasks = new ArrayList<>();

  static OutputTransfers start(OpenedSession session, List<OutputReceiver> receivers) {
    var transfers = new OutputTransfers();
    for (int i = 0; i < receivers.size(); i++) {
      int number = i;
      var task =
          new FutureTask<Void>(() -> {
            try (EngineResponse answer = session.output(number)) {
              receivers.get(number).take(answer.body());
            }
            return null;
          });
      Thread.ofPlatform().daemon().name("output " + i).start(task);
      transfers.tasks.add(task);
    }
    return transfers;
  }

  /** Waits for all of them; to be called when the build has succeeded. */
  void finish() throws IOException {
    for (FutureTask<Void> task : tasks) {
      try {
        task.get();
      } catch (ExecutionException e) {
        throw new CommandFailure(1, "ERROR: failed to write output: " + e.getCause().getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while an output was written", e);
      }
    }
  }
}
