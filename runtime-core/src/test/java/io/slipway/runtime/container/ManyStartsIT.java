package io.slipway.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Many starts while the collector moves and frees what it can: memory of a start must hold. */
class ManyStartsIT extends ContainerFixture {
  private static final int STARTS = 500;

  @Test
  void leaveNothingUnderMemoryPressure() throws Exception {
    shell("true");
    Leaks before = Leaks.now();
    AtomicBoolean stop = new AtomicBoolean();
    Thread garbage = Thread.ofPlatform().start(() -> makeGarbage(stop));
    try {
      List<Thread> lanes = new ArrayList<>();
      List<Throwable> problems = new java.util.concurrent.CopyOnWriteArrayList<>();
      for (int lane = 0; lane < 2; lane++) {
        lanes.add(
            Thread.ofVirtual()
                .uncaughtExceptionHandler((thread, problem) -> problems.add(problem))
                .start(this::startMany));
      }
      for (Thread lane : lanes) {
        lane.join();
      }
      assertThat(problems).isEmpty();
    } finally {
      stop.set(true);
      garbage.join();
    }
    await(() -> Leaks.now().equals(before));
  }

  private void startMany() {
    for (int i = 0; i < STARTS / 2; i++) {
      try {
        Result result =
            run(
                spec(
                    "sh",
                    "-c",
                    "echo $0 $1; exit $1",
                    "name-of-this-run",
                    Integer.toString(i % 100)));
        assertThat(result.out()).isEqualTo("name-of-this-run " + i % 100 + "\n");
        assertThat(result.code()).isEqualTo(i % 100);
      } catch (Exception e) {
        throw new AssertionError("start " + i, e);
      }
    }
  }

  /** Often enough to move and free what a start allocates, not so often that nothing else runs. */
  private static void makeGarbage(AtomicBoolean stop) {
    List<byte[]> kept = new ArrayList<>();
    while (!stop.get()) {
      for (int i = 0; i < 1000; i++) {
        kept.add(new byte[4096]);
      }
      kept.clear();
      System.gc();
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
  }
}
