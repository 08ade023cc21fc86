package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.admin.AdminRequest;
import io.slipway.registry.admin.RegistryAdmin;
import io.slipway.registry.config.UpkeepSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pushes, mounts, deletes and a collection every few milliseconds, with less grace than a push
 * takes: whatever was accepted can be pulled whole, before and after a restart, and at the end
 * nothing is left over. {@code -Dslipway.soak.seconds=} sets how long it goes on.
 */
class CollectionSoakIT {
  private static final int WORKERS = 6;
  private static final Duration EVERY = Duration.ofMillis(20);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final long seconds = Long.getLong("slipway.soak.seconds", 10);
  private final long seed = Long.getLong("slipway.soak.seed", 1);
  @TempDir Path folder;

  private RegistryFixture open() {
    return RegistryFixture.open(
        folder,
        Map.of(
            "upkeep.gc.interval", EVERY.toMillis() + "ms",
            "upkeep.gc.grace", GRACE.toMillis() + "ms",
            "upkeep.gc.removals-per-second", "0"));
  }

  @Test
  void whatWasAcceptedCanBePulled() throws Exception {
    try (RegistryFixture registry = open()) {
      List<SoakWorker> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(new SoakWorker(registry, "w" + i, seed * 1_000 + i));
      }
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      work(workers, end);
      workers.forEach(SoakWorker::verifyAll);
      registry.restart();
      workers.forEach(SoakWorker::verifyAll);
      collect();
      workers.forEach(SoakWorker::verifyAll);
      System.out.printf(
          "soak: %d s, %d pushes, %d mounts, %d pushes repeated after a collection%n",
          seconds,
          workers.stream().mapToLong(SoakWorker::pushes).sum(),
          workers.stream().mapToLong(SoakWorker::mounts).sum(),
          workers.stream().mapToLong(SoakWorker::repeated).sum());
      assertThat(workers).allMatch(worker -> worker.pushes() > 0);
      workers.forEach(SoakWorker::untagAll);
      collect();
      // what the first run dropped, the second finds to be clean
      collect();
      assertThat(files("sha256")).as("blobs that are left over").isZero();
      assertThat(files("trash")).isZero();
      assertThat(files("ingest")).isZero();
      assertThat(registry.log()).isNotEmpty();
    }
  }

  private static void work(List<SoakWorker> workers, long end) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (SoakWorker worker : workers) {
        running.add(
            threads.submit(() -> {
              while (System.nanoTime() < end || worker.pushes() == 0) {
                worker.step();
              }
            }));
      }
    }
    for (Future<?> worker : running) {
      worker.get();
    }
  }

  /** Waits for the automatic run that may be under way: orders are refused meanwhile. */
  private void collect() throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      try {
        RegistryAdmin.run(
            folder, UpkeepSettings.defaults(), new AdminRequest.Collect(false, "0"), line -> {});
        return;
      } catch (SlipwayException e) {
        if (attempt > 1_000 || e.kind() != ErrorKind.CONFLICT) {
          throw e;
        }
        Thread.sleep(10);
      }
    }
  }

  private long files(String kind) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("blobs").resolve(kind))) {
      return files.count();
    }
  }
}
