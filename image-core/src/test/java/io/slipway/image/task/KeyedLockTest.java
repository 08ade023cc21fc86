package io.slipway.image.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class KeyedLockTest {
  private final KeyedLock<String> locks = new KeyedLock<>();

  @Test
  void oneHolderPerKeyAndNoTraceAfter() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (FanOut fanOut = new FanOut("test", 16)) {
      for (int i = 0; i < 50; i++) {
        fanOut.fork(() -> {
          try (KeyedLock.Held held = locks.lock("k")) {
            assertThat(held).isNotNull();
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.sleep(1);
            inside.decrementAndGet();
          }
          return null;
        });
      }
      fanOut.join();
    }
    assertThat(most).hasValue(1);
    assertThat(locks.size()).isZero();
  }

  @Test
  void otherKeysAreFree() {
    try (KeyedLock.Held a = locks.lock("a");
        KeyedLock.Held b = locks.lock("b")) {
      assertThat(a).isNotSameAs(b);
      assertThat(locks.size()).isEqualTo(2);
    }
  }
}
