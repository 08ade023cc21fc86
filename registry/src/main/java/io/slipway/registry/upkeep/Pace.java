package io.slipway.registry.upkeep;

import java.util.concurrent.TimeUnit;

/** Slows a loop down to so many units of work a second. For one thread. */
final class Pace {
  private static final long MAX_BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long unitsPerSecond;
  private long due = System.nanoTime();

  /** Zero: no limit. */
  Pace(long unitsPerSecond) {
    this.unitsPerSecond = unitsPerSecond;
  }

  /** Waits until {@code units} more may be done. */
  void take(long units) throws InterruptedException {
    if (unitsPerSecond == 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return;
    }
    long now = System.nanoTime();
    // unused time is no credit for later
    due = Math.max(due, now - MAX_BURST_NANOS / 10);
    due += (long) (units * (double) TimeUnit.SECONDS.toNanos(1) / unitsPerSecond);
    long wait = due - now;
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
  }
}
