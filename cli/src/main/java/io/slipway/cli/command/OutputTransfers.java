package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The outputs of a build on their way here, each on a connection of its own. */
final class OutputTransfers {
  /** What is written is given up, not finished, after an interrupt: that takes no time. */
  private static final long PATIENCE_MILLIS = 2000;

  private final List<FutureTask<Void>> tasks = new ArrayList<>();
  private final Set<EngineResponse> open = ConcurrentHashMap.newKeySet();

  static OutputTransfers start(OpenedSession session, List<OutputReceiver> receivers) {
    var transfers = new OutputTransfers();
    for (int i = 0; i < receivers.size(); i++) {
      int number = i;
      var task =
          new FutureTask<Void>(() -> {
            try (EngineResponse answer = session.output(number)) {
              transfers.open.add(answer);
              receivers.get(number).take(answer.body());
              transfers.open.remove(answer);
            }
            return null;
          });
      Thread.ofPlatform().daemon().name("output " + i).start(task);
      transfers.tasks.add(task);
    }
    return transfers;
  }

  /** Gives up what is not whole, so that nothing of it stays. */
  void abort() throws IOException {
    for (EngineResponse answer : open) {
      answer.close();
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    for (FutureTask<Void> task : tasks) {
      try {
        task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (ExecutionException | TimeoutException e) {
        // it was given up, or waits for a daemon that has nothing to send
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
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
