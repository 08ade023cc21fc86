package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.registry.admin.AdminRequest;
import io.slipway.registry.admin.RegistryAdmin;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.upkeep.UpkeepSettings;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 at random moments of pushes, mounts, deletes and collections: everything acknowledged is
 * there after each, and a check finds nothing wrong. {@code -Dslipway.kills=} sets how many.
 */
class RegistryKillIT {
  private static final int WORKERS = 4;
  private static final int MOST_MILLIS = 300;

  /** Pushes to wait for before each kill, so that a slow machine does as much as a quick one. */
  private static final int PUSHES = 5;

  /** A long run says so often how far it is. */
  private static final int SAID = 100;

  private static final Duration COLLECTIONS = Duration.ofMillis(100);

  /** What a loaded machine may take; the figure itself is printed. */
  private static final long OPEN_MILLIS = Long.getLong("slipway.kills.open", 60_000);

  private final int kills = Integer.getInteger("slipway.kills", 50);
  private final long seed = Long.getLong("slipway.soak.seed", 1);
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
    Random random = new Random(seed);
    long slowest = 0;
    try (Client client = new Client()) {
      List<SoakWorker> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(new SoakWorker(client, "k" + i, seed * 1_000 + i));
      }
      for (int kill = 0; kill < kills; kill++) {
        try (ServerProcess server = ServerProcess.start(folder, COLLECTIONS)) {
          client.server = server;
          slowest = Math.max(slowest, server.openMillis());
          workers.forEach(SoakWorker::verifyAll);
          workUntilKilled(workers, server, random.nextInt(MOST_MILLIS));
        }
        if ((kill + 1) % SAID == 0) {
          System.out.printf("kills so far: %d, %d pushes%n", kill + 1, pushes(workers));
        }
      }
      check();
      try (ServerProcess server = ServerProcess.start(folder, COLLECTIONS)) {
        client.server = server;
        workers.forEach(SoakWorker::verifyAll);
      }
      System.out.printf(
          "kills: %d, %d acknowledged pushes, slowest start of the server %d ms%n",
          kills, pushes(workers), slowest);
    }
    assertThat(slowest).isLessThan(OPEN_MILLIS);
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
  private void check() throws InterruptedException {
    List<String> lines = new ArrayList<>();
    RegistryAdmin.run(folder, UpkeepSettings.defaults(), new AdminRequest.Check(false), lines::add);
    assertThat(lines).singleElement().asString().startsWith("clean: ");
  }
}
