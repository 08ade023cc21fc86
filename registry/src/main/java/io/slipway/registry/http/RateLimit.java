package io.slipway.registry.http;

import io.slipway.registry.config.Rate;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Counts what each key does and says when it is too much (the generic cell rate algorithm: one
 * number per key, which is when the key's allowance is whole again). Safe for threads.
 */
final class RateLimit {
  private static final int MAX_KEYS = 100_000;

  private final Rate rate;
  private final long period;
  private final long step;
  private final LongSupplier nanoTime;
  private final ConcurrentHashMap<String, Long> whole = new ConcurrentHashMap<>();

  RateLimit(Rate rate, LongSupplier nanoTime) {
    this.rate = rate;
    this.period = rate.period().toNanos();
    this.step = rate.isNone() ? 0 : period / rate.count();
    this.nanoTime = nanoTime;
  }

  /** Counts one; 0 when it is within the rate, else how many nanoseconds to wait. */
  long take(String key) {
    if (rate.isNone()) {
      return 0;
    }
    long now = nanoTime.getAsLong();
    dropOld(now);
    long[] wait = {0};
    whole.compute(
        key,
        (k, old) -> {
          long next = (old == null || old - now < 0 ? now : old) + step;
          if (next - now <= period) {
            return next;
          }
          wait[0] = next - now - period;
          return old;
        });
    return wait[0];
  }

  /** What {@link #take} would say, without counting. */
  long peek(String key) {
    Long at = rate.isNone() ? null : whole.get(key);
    return at == null ? 0 : Math.max(0, at - nanoTime.getAsLong() + step - period);
  }

  private void dropOld(long now) {
    if (whole.size() > MAX_KEYS) {
      whole.values().removeIf(at -> at - now < 0);
    }
    if (whole.size() > MAX_KEYS) {
      // so many at once is an attack: forgetting them all costs less than growing
      whole.clear();
    }
  }
}
