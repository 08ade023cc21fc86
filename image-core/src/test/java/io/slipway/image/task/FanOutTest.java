package io.slipway.image.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class FanOutTest {
  @Test
  void runsAllWithinTheBound() throws Exception {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<FanOut.Task<Integer>> tasks = new ArrayList<>();
    try (FanOut fanOut = new FanOut("test", 3)) {
      for (int i = 0; i < 20; i++) {
        int n = i;
        tasks.add(
            fanOut.fork(() -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.sleep(2);
              running.decrementAndGet();
              return n;
            }));
      }
      fanOut.join();
      for (int i = 0; i < 20; i++) {
        assertThat(tasks.get(i).await()).isEqualTo(i);
      }
    }
    assertThat(most.get()).isBetween(2, 3);
  }

  @Test
  void firstFailureCancelsSiblingsAndIsTheOneReported() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch started = new CountDownLatch(1);
    IOException failure = new IOException("boom");
    try (FanOut fanOut = new FanOut("test", 2)) {
      FanOut.Task<Void> sleeper =
          fanOut.fork(() -> {
            started.countDown();
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              interrupted.set(true);
              throw e;
            }
            return null;
          });
      fanOut.fork(() -> {
        started.await();
        throw failure;
      });
      FanOut.Task<Void> neverStarted = fanOut.fork(() -> null);
      assertThatThrownBy(fanOut::join).isSameAs(failure).hasNoSuppressedExceptions();
      assertThatThrownBy(sleeper::await).isSameAs(failure);
      assertThatThrownBy(neverStarted::await).isSameAs(failure);
    }
    assertThat(interrupted).isTrue();
  }

  @Test
  void closeCancelsAndWaits() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    CountDownLatch started = new CountDownLatch(1);
    FanOut.Task<Void> task;
    try (FanOut fanOut = new FanOut("test", 1)) {
      task =
          fanOut.fork(() -> {
            started.countDown();
            try {
              Thread.sleep(60_000);
              return null;
            } finally {
              ended.set(true);
            }
          });
      started.await();
    }
    assertThat(ended).isTrue();
    assertThatThrownBy(task::await).isInstanceOf(InterruptedException.class);
  }

  @Test
  void interruptOfTheOwnerCancels() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    Thread owner =
        Thread.ofVirtual()
            .start(() -> {
              try (FanOut fanOut = new FanOut("test", 1)) {
                fanOut.fork(() -> {
                  Thread.sleep(60_000);
                  return null;
                });
                fanOut.join();
              } catch (InterruptedException e) {
                ended.set(true);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    owner.interrupt();
    owner.join();
    assertThat(ended).isTrue();
  }

  @Test
  void forkAfterFailureDoesNotRun() throws Exception {
    try (FanOut fanOut = new FanOut("test", 1)) {
      fanOut.fork(() -> {
        throw SlipwayException.invalid("bad");
      });
      assertThatThrownBy(fanOut::join).hasMessage("bad");
      AtomicBoolean ran = new AtomicBoolean();
      FanOut.Task<Void> late =
          fanOut.fork(() -> {
            ran.set(true);
            return null;
          });
      assertThatThrownBy(late::await).hasMessage("bad");
      assertThat(ran).isFalse();
    }
  }
}
