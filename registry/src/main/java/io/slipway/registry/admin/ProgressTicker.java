package io.slipway.registry.admin;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells whoever waits for a task how far it is, every two seconds. When nobody listens any more the
 * task is interrupted.
 */
final class ProgressTicker implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final Thread ticker;

  private ProgressTicker(Thread ticker) {
    this.ticker = ticker;
  }

  /** For a task of the calling thread; {@code out} may be called from two threads. */
  static ProgressTicker start(Supplier<?> progress, Consumer<String> out) {
    Thread task = Thread.currentThread();
    return new ProgressTicker(
        Thread.ofVirtual()
            .name("registry-admin-progress")
            .start(() -> {
              try {
                while (true) {
                  Thread.sleep(EVERY);
                  out.accept("so far: " + progress.get());
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (UncheckedIOException e) {
                task.interrupt();
              }
            }));
  }

  /** Tells no more when this returns; an interrupt meanwhile is kept for the next wait. */
  @Override
  public void close() {
    ticker.interrupt();
    boolean interrupted = false;
    while (ticker.isAlive()) {
      try {
        ticker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
