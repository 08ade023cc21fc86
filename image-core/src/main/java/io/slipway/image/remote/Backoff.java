package io.slipway.image.remote;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Counts the failures of one step and waits between its attempts. One thread. */
final class Backoff {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Ends a transfer that breaks again and again after a little progress each time. */
  private static final int MAX_FAILURES_IN_ALL = 100;

  private final int attempts;
  private final Duration firstDelay;
  private final Duration longestWait;
  private final Consumer<Duration> notice;
  private int failuresInRow;
  private int failuresInAll;

  /** One try of a step. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException, TransientFailure;
  }

  /** {@code notice} hears of each wait before it begins. */
  Backoff(RegistrySettings settings, Consumer<Duration> notice) {
    this.attempts = settings.attempts();
    this.firstDelay = settings.firstDelay();
    this.longestWait = settings.longestWait();
    this.notice = notice;
  }

  /** Tries {@code step} until it succeeds, fails for good or the attempts are used up. */
  static <T> T run(RegistrySettings settings, Attempt<T> step) throws IOException {
    Backoff backoff = new Backoff(settings, delay -> {});
    while (true) {
      try {
        return step.run();
      } catch (TransientFailure e) {
        backoff.await(e);
      }
    }
  }

  /** Waits for the next attempt, or throws what the failure shows when there is none. */
  void await(TransientFailure failure) {
    failuresInRow++;
    failuresInAll++;
    if (failuresInRow >= attempts || failuresInAll >= MAX_FAILURES_IN_ALL) {
      throw failure.shown();
    }
    Duration asked = failure.retryAfter().orElse(Duration.ZERO);
    if (asked.compareTo(longestWait) > 0) {
      throw failure.shown();
    }
    Duration delay = delay();
    delay = asked.compareTo(delay) > 0 ? asked : delay;
    notice.accept(delay);
    sleep(delay);
  }

  /** Something was achieved since the last failure. */
  void progressed() {
    failuresInRow = 0;
  }

  /** Doubling, with half of it random so that many clients do not return at the same moment. */
  private Duration delay() {
    long millis =
        Math.min(LONGEST.toMillis(), firstDelay.toMillis() << Math.min(20, failuresInRow - 1));
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  private static void sleep(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
  }

  /** An interrupt as the failure it stands for; the flag stays set. */
  static SlipwayException cancelled(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SlipwayException(ErrorKind.CANCELLED, "transfer was cancelled", e);
  }
}
