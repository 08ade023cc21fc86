package io.slipway.cli.command;

import io.slipway.cli.client.EngineResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The outputs of a build on their way here, each on a connection of its own. */
final class OutputTransfers {
  /** For those that wait for the daemon to begin: they have made nothing yet. */
  private static final long WAITING_MILLIS = 2000;

  /** For those that write: removing what there is of a large file waits for the disk. */
  private static final long WRITING_MILLIS = 30_000;

  private final List<Transfer> transfers = new ArrayList<>();
  private volatile boolean aborted;

  /** One output. */
  private final class Transfer {
    private final FutureTask<Void> task;
    private volatile Optional<EngineResponse> answer = Optional.empty();

    Transfer(OpenedSession session, int number, OutputReceiver receiver) {
      this.task =
          new FutureTask<>(() -> {
            take(session, number, receiver);
            return null;
          });
    }

    private void take(OpenedSession session, int number, OutputReceiver receiver)
        throws IOException {
      try (EngineResponse begun = session.output(number)) {
        answer = Optional.of(begun);
        if (!aborted) {
          receiver.take(begun.body());
        }
      }
    }
  }

  static OutputTransfers start(OpenedSession session, List<OutputReceiver> receivers) {
    var all = new OutputTransfers();
    for (int i = 0; i < receivers.size(); i++) {
      Transfer transfer = all.new Transfer(session, i, receivers.get(i));
      all.transfers.add(transfer);
      Thread.ofPlatform().daemon().name("output " + i).start(transfer.task);
    }
    return all;
  }

  /** Gives up what is not whole, so that nothing of it stays. */
  void abort() throws IOException {
    aborted = true;
    for (Transfer transfer : transfers) {
      if (transfer.answer.isPresent()) {
        transfer.answer.get().close();
      }
    }
    for (Transfer transfer : transfers) {
      try {
        long patience = transfer.answer.isPresent() ? WRITING_MILLIS : WAITING_MILLIS;
        transfer.task.get(patience, TimeUnit.MILLISECONDS);
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
    for (Transfer transfer : transfers) {
      try {
        transfer.task.get();
      } catch (ExecutionException e) {
        throw new CommandFailure(1, "ERROR: failed to write output: " + e.getCause().getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while an output was written", e);
      }
    }
  }
}
