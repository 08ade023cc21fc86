package io.slipway.registry.http;

import io.slipway.registry.store.RegistryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What a server does by itself from time to time, on one thread. */
final class Housekeeping implements AutoCloseable {
  private static final Duration FLUSH = Duration.ofSeconds(5);
  private static final Duration RETIRE = Duration.ofSeconds(30);
  private static final Duration EXPIRE = Duration.ofMinutes(10);

  private final RegistryStore store;
  private final Consumer<String> log;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("registry-housekeeping").factory());

  Housekeeping(RegistryStore store, Duration uploadIdle, Consumer<String> log) {
    this.store = store;
    this.log = log;
    every(FLUSH, "note last uses", store.lastUse()::flush);
    every(RETIRE, "retire idle uploads", store.uploads()::retireIdle);
    every(EXPIRE, "expire uploads", () -> expire(uploadIdle));
  }

  private void expire(Duration uploadIdle) {
    int expired = store.uploads().expire(Instant.now().minus(uploadIdle));
    if (expired > 0) {
      log.accept("discarded " + expired + " abandoned uploads");
    }
  }

  /** A task that fails is reported and comes again: the scheduler would drop it silently. */
  private void every(Duration period, String what, Runnable task) {
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            log.accept("" + what + ": " + e.getMessage());
          }
        },
        period.toMillis(),
        period.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.close();
  }
}
