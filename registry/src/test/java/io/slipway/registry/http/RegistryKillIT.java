package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.admin.AdminRequest;
import io.slipway.registry.admin.RegistryAdmin;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.UpkeepSettings;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments of pushes, mounts, deletes and collections: everything acknowledged is
 * there after each, and a check finds nothing wrong. {@code -Dslipway.kills=} sets how many.
 */
class RegistryKillIT {
  /** Registries side by side: most of the time goes into starts, which use one core each. */
  private static final int LANES = 2;

  private static final int WORKERS = 4;
  private static final int MOST_MILLIS = 300;

  /** Pushes to wait for before each kill, so that a slow machine does as much as a quick one. */
  private static final int PUSHES = 5;

  /** A long run says so often how far it is. */
  private static final int SAID = 50;

  private static final Duration COLLECTIONS = Duration.ofMillis(100);

  /** What a loaded machine may take; the figure itself is printed. */
  private static final long OPEN_MILLIS = Long.getLong("slipway.kills.open", 60_000);

  private final int kills = Integer.getInteger("slipway.kills", 50);
  private final long seed = Long.getLong("slipway.soak.seed", 1);
  private final AtomicInteger killed = new AtomicInteger();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong slowest = new AtomicLong();
  @TempDir Path folder;

  /** The client of whichever server runs now. */
  private static final class Client extends RegistryClient {
    private ServerProcess server;

    @Override
    ListenAddress address() {
      return server.address();
    }
  }

  @Test
  void everythingAcknowledgedIsThereAfterEveryKill() throws Exception {
    List<Future<?>> lanes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(LANES)) {
      for (int lane = 0; lane < LANES; lane++) {
        long own = seed * LANES + lane;
        lanes.add(threads.submit(() -> killAndLook(folder.resolve("lane" + own), own)));
      }
    }
    for (Future<?> lane : lanes) {
      lane.get();
    }
    System.out.printf(
        "kills: %d, %d acknowledged pushes, slowest start of the server %d ms%n",
        killed.get(), acknowledged.get(), slowest.get());
    assertThat(killed.get()).isGreaterThanOrEqualTo(kills);
    assertThat(slowest.get()).isLessThan(OPEN_MILLIS);
  }

  /** One registry and its clients. */
  private Void killAndLook(Path root, long own) throws Exception {
    Random random = new Random(own);
    try (Client client = new Client()) {
      List<SoakWorker> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(new SoakWorker(client, "k" + i, own * 1_000 + i));
      }
      for (int kill = 0; kill < (kills + LANES - 1) / LANES; kill++) {
        try (ServerProcess server = ServerProcess.start(root, COLLECTIONS)) {
          client.server = server;
          slowest.accumulateAndGet(server.openMillis(), Math::max);
          workers.forEach(SoakWorker::verifyAll);
          workUntilKilled(workers, server, random.nextInt(MOST_MILLIS));
        }
        if (killed.incrementAndGet() % SAID == 0) {
          System.out.printf("kills so far: %d%n", killed.get());
        }
      }
      check(root);
      try (ServerProcess server = ServerProcess.start(root, COLLECTIONS)) {
        client.server = server;
        workers.forEach(SoakWorker::verifyAll);
      }
      acknowledged.addAndGet(pushes(workers));
    }
    return null;
  }

  private static void workUntilKilled(List<SoakWorker> workers, ServerProcess server, int millis)
      throws Exception {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (SoakWorker worker : workers) {
        running.add(threads.submit(() -> work(worker)));
      }
      long wanted = pushes(workers) + PUSHES;
      while (pushes(workers) < wanted && running.stream().noneMatch(Future::isDone)) {
        Thread.sleep(10);
      }
      Thread.sleep(millis);
      server.kill();
    }
    for (Future<?> worker : running) {
      worker.get();
    }
  }

  private static long pushes(List<SoakWorker> workers) {
    return workers.stream().mapToLong(SoakWorker::pushes).sum();
  }

  private static void work(SoakWorker worker) {
    try {
      while (true) {
        worker.step();
      }
    } catch (UncheckedIOException e) {
      // the server was killed, as planned
      return;
    }
  }

  /** Blobs that a kill left between their publication and their record are too young to count. */
  private static void check(Path root) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    try {
      RegistryAdmin.run(root, UpkeepSettings.defaults(), new AdminRequest.Check(false), lines::add);
    } catch (SlipwayException e) {
      throw new AssertionError(String.join("\n", lines), e);
    }
    assertThat(lines).singleElement().asString().startsWith("clean: ");
  }
}
