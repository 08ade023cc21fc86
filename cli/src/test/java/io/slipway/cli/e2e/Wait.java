package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Waits for what another program does in its own time. */
final class Wait {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** What is waited for. */
  interface Condition {
    boolean holds() throws IOException;
  }

  private Wait() {}

  static void until(Condition condition) throws IOException, InterruptedException {
    long limit = System.nanoTime() + LIMIT_NANOS;
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("in a minute").isLessThan(limit);
      Thread.sleep(20);
    }
  }
}
