package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many containers, all at once, leave nothing behind. {@code -Dslipway.leak.containers=N} makes it
 * as long as wanted.
 */
@Timeout(600)
class LeakIT {
  private static final String NAME = "slwk" + ProcessHandle.current().pid() % 10000;
  private static final int CONTAINERS = Integer.getInteger("slipway.leak.containers", 60);
  private static final int SLACK = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final String BODY =
      "{'Image':'busybox','Cmd':['sh','-c','echo out; exit %d'],"
          + "'Healthcheck':{'Test':['CMD','true'],'Interval':100000000},"
          + "'Volumes':{'/anonymous':{}},'HostConfig':{'NetworkMode':'%s','Tmpfs':{'/t':''},"
          + "'RestartPolicy':{'Name':'%s','MaximumRetryCount':%d}}}";

  private static Path directory;
  private static TestDaemon daemon;
  private static ApiClient api;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("leak");
    TestImages.busybox(directory.resolve("data"));
    daemon = TestDaemon.start(directory, NAME, "10.213.81.1/24");
    api = new ApiClient(directory.resolve("sock"));
  }

  @AfterAll
  static void stop() throws IOException {
    daemon.close();
    Leftovers.assertNone(NAME, directory);
    Leftovers.deleteTree(directory);
  }

  @Test
  void manyContainersLeaveNothing() throws Exception {
    round(CONTAINERS / 2);
    MachineUse before = MachineUse.of(NAME);
    long begun = System.nanoTime();
    round(CONTAINERS);
    System.out.printf(
        "%d containers at once: %d ms%n", CONTAINERS, (System.nanoTime() - begun) / 1_000_000);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    MachineUse after = MachineUse.of(NAME);
    while (!after.isWithin(before, SLACK) && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(200);
      after = MachineUse.of(NAME);
    }
    assertThat(after.isWithin(before, SLACK)).as("before %s, after %s", before, after).isTrue();
    assertThat(api.get("/containers/json?all=1").expect(200).json()).isEmpty();
    try (var left = Files.list(directory.resolve("data/containers"))) {
      assertThat(left.toList()).isEmpty();
    }
  }

  /** All are made, started, used, ended and removed in parallel, in four ways. */
  private static void round(int containers) throws Exception {
    List<Future<?>> lives = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < containers; i++) {
        int number = i;
        lives.add(threads.submit(() -> live(number)));
      }
      for (Future<?> life : lives) {
        life.get();
      }
    }
  }

  private static void live(int i) {
    String network = i % 2 == 0 ? "bridge" : "none";
    switch (i % 4) {
      case 0, 1 -> {
        String id = api.create("run" + i, body("on-failure", 1, i % 3, network));
        api.post("/containers/" + id + "/start", "").expect(204);
        api.post("/containers/" + id + "/wait", "").expect(200);
        api.get("/containers/" + id + "/logs?stdout=1").expect(200);
        api.delete("/containers/" + id + "?force=1&v=1").expect(204);
      }
      case 2 -> {
        String id =
            api.create("long" + i, body("no", 0, 0, network).replace("echo out", "sleep 1000"));
        api.post("/containers/" + id + "/start", "").expect(204);
        exec(id);
        api.post("/containers/" + id + "/restart?t=0", "").expect(204);
        api.post("/containers/" + id + "/stop?t=0", "").expect(204);
        api.delete("/containers/" + id + "?v=1").expect(204);
      }
      default -> {
        String body = body("no", 0, 0, network).replace("'Cmd':['sh'", "'Cmd':['nosuch'");
        String id = api.create("failing" + i, body);
        api.post("/containers/" + id + "/start", "").expect(400);
        api.delete("/containers/" + id + "?v=1").expect(204);
      }
    }
  }

  private static String body(String policy, int retries, int exitCode, String network) {
    return BODY.formatted(exitCode, network, policy, retries);
  }

  private static void exec(String container) {
    String exec =
        api.post("/containers/" + container + "/exec", "{'Cmd':['echo','x'],'AttachStdout':true}")
            .expect(201)
            .json()
            .path("Id")
            .asText();
    api.post("/exec/" + exec + "/start", "{'Detach':false}").expect(200);
  }
}
