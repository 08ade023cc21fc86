package io.slipway.image.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SingleFlightTest {
  private final SingleFlight<String, Integer> flights = new SingleFlight<>();

  @Test
  void equalWorkRunsOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(1);
    try (FanOut fanOut = new FanOut("test", 10)) {
      List<FanOut.Task<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tasks.add(
            fanOut.fork(() ->
                flights.run(
                    "k",
                    () -> {
                      release.await();
                      return runs.incrementAndGet();
                    })));
      }
      Thread.sleep(50);
      release.countDown();
      for (FanOut.Task<Integer> task : tasks) {
        assertThat(task.await()).isEqualTo(1);
      }
    }
    assertThat(flights.run("k", runs::incrementAndGet)).isEqualTo(2);
  }

  @Test
  void failureIsSharedAndForgotten() throws Exception {
    SlipwayException failure = SlipwayException.invalid("bad");
    assertThatThrownBy(() ->
            flights.run(
                "k",
                () -> {
                  throw failure;
                }))
        .isSameAs(failure);
    assertThat(flights.run("k", () -> 7)).isEqualTo(7);
  }

  @Test
  void aFollowerOutlivesACancelledLeader() throws Exception {
    CountDownLatch leading = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread leader =
        Thread.ofVirtual()
            .start(() ->
                assertThatThrownBy(() ->
                    flights.run(
                        "k",
                        () -> {
                          leading.countDown();
                          release.await();
                          throw new SlipwayException(ErrorKind.CANCELLED, "stopped");
                        })));
    leading.await();
    try (FanOut fanOut = new FanOut("test", 1)) {
      FanOut.Task<Integer> follower = fanOut.fork(() -> flights.run("k", () -> 5));
      Thread.sleep(30);
      release.countDown();
      assertThat(follower.await()).isEqualTo(5);
    }
    leader.join();
  }
}
