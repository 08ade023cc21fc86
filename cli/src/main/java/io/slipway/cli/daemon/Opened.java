package io.slipway.cli.daemon;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened so far; closed in the opposite order, each also when another one fails. */
final class Opened implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /** Closes because of a failure, which keeps what else goes wrong. */
  void closeAfter(Exception failure) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        failure.addSuppressed(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = new IOException("not everything could be closed");
    closeAfter(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }
}
