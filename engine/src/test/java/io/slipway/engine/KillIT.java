package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The daemon is killed at random moments while clients make it work. {@code -Dslipway.kills=N}
 * makes it as long as wanted, {@code -Dslipway.kill.lanes=N} as loaded.
 */
@Timeout(3600)
class KillIT {
  private static final String NAME = "slwr" + ProcessHandle.current().pid() % 10000;
  private static final String BIP = "10.213.82.1/24";
  private static final int KILLS = Integer.getInteger("slipway.kills", 3);
  private static final long MAX_DELAY_MILLIS = 1500;
  private static final int LANES = Integer.getInteger("slipway.kill.lanes", 16);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** On a loaded machine; the figure wanted of a quiet one is two seconds. */
  private static final long START_SECONDS = 60;

  private static final String KEEPER =
      "{'Image':'busybox','Cmd':['sleep','100000'],"
          + "'HostConfig':{'RestartPolicy':{'Name':'always'},'Binds':['kept:/v']}}";

  private static final String WORK =
      "{'Image':'busybox','Cmd':['%s'],'Volumes':{'/anon':{}},"
          + "'HostConfig':{'NetworkMode':'%s'}}";

  private Path directory;
  private String keeperPid;
  private ApiClient api;
  private SpawnedDaemon daemon;
  private final List<Long> startMillis = new ArrayList<>();

  /** Containers whose creation was answered and whose removal was not even asked for. */
  private final Map<String, String> existing = new ConcurrentHashMap<>();

  /** Containers whose removal was answered. */
  private final Map<String, String> removed = new ConcurrentHashMap<>();

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("kill");
    TestImages.busybox(directory.resolve("data"));
    api = new ApiClient(directory.resolve("sock"));
    daemon = new SpawnedDaemon(directory, NAME, BIP);
    startMillis.add(daemon.startMillis());
  }

  @AfterEach
  void clean() throws IOException, InterruptedException {
    daemon.close();
  }

  @Test
  void everyKillIsSurvived() throws Exception {
    Random random = new Random();
    String keeper = api.create("keeper", KEEPER);
    api.post("/containers/" + keeper + "/start", "").expect(204);
    existing.put(keeper, "keeper");
    keeperPid = pidOf(keeper);
    Path data = directory.resolve("data/volumes/kept/_data/precious");
    Files.writeString(data, "volume data");
    for (int kill = 1; kill <= KILLS; kill++) {
      List<Thread> lanes = load(kill);
      TimeUnit.MILLISECONDS.sleep(random.nextLong(MAX_DELAY_MILLIS));
      daemon.kill();
      for (Thread lane : lanes) {
        lane.join();
      }
      daemon.start();
      startMillis.add(daemon.startMillis());
      assertThat(daemon.startMillis()).as("to start").isLessThan(START_SECONDS * 1000);
      check(keeper, kill);
      assertThat(data).hasContent("volume data");
      removeOthers(keeper);
    }
    startMillis.sort(null);
    System.out.printf(
        "%d kills survived, start median %d ms, slowest %d ms%n",
        KILLS, startMillis.get(startMillis.size() / 2), startMillis.getLast());
    api.delete("/containers/" + keeper + "?force=1&v=1").expect(204);
    daemon.kill();
    try (TestDaemon last = TestDaemon.start(directory, NAME, BIP)) {
      assertThat(last.leftovers()).isEmpty();
      assertThat(api.get("/containers/json?all=1").expect(200).json()).isEmpty();
    }
    Leftovers.assertNone(NAME, directory);
    assertThat(directory.resolve("data/containers")).isEmptyDirectory();
  }

  private List<Thread> load(int round) {
    List<Thread> lanes = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      String prefix = "k" + round + "-" + lane + "-";
      lanes.add(Thread.ofVirtual().start(() -> work(prefix)));
    }
    return lanes;
  }

  /** Until the daemon answers no more. */
  private void work(String prefix) {
    for (int i = 0; ; i++) {
      String body = WORK.formatted(i % 2 == 0 ? "true" : "false", i % 3 == 0 ? "none" : "bridge");
      ApiClient.Answer created = api.post("/containers/create?name=" + prefix + i, body);
      if (created.status() == 0) {
        return;
      }
      String id = created.expect(201).json().path("Id").asText();
      existing.put(id, prefix + i);
      if (api.post("/containers/" + id + "/start", "").status() == 0) {
        return;
      }
      existing.remove(id);
      ApiClient.Answer gone = api.delete("/containers/" + id + "?force=1&v=1");
      if (gone.status() == 0) {
        return;
      }
      gone.expect(204);
      removed.put(id, prefix + i);
    }
  }

  private void check(String keeper, int kill) throws Exception {
    assertThat(isRunning(keeper)).as("keeper outlives kill %d", kill).isTrue();
    assertThat(pidOf(keeper)).as("by itself").isEqualTo(keeperPid);
    // the others were cut short in their work or go on with it to its near end
    long deadline = System.nanoTime() + START_SECONDS * SECOND;
    while (api.get("/containers/json").expect(200).json().size() > 1) {
      assertThat(System.nanoTime()).as("others end, kill %d", kill).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    JsonNode all = api.get("/containers/json?all=1").expect(200).json();
    List<String> ids = new ArrayList<>();
    for (JsonNode container : all) {
      String id = container.path("Id").asText();
      ids.add(id);
      JsonNode state = api.get("/containers/" + id + "/json").expect(200).json().path("State");
      boolean running = state.path("Running").asBoolean();
      assertThat(running).as("%s after kill %d", container, kill).isEqualTo(id.equals(keeper));
      if (running) {
        Path cgroup = Path.of("/proc", state.path("Pid").asText(), "cgroup");
        assertThat(Files.readString(cgroup)).contains(NAME + "/" + id);
      }
    }
    assertThat(ids).as("kill %d", kill).containsAll(existing.keySet());
    assertThat(ids).as("kill %d", kill).noneMatch(removed::containsKey);
    // a container is said to have ended some milliseconds before its cgroup is taken away
    while (!cgroupsBeside(keeper).isEmpty()) {
      assertThat(System.nanoTime())
          .as("cgroups %s after kill %d", cgroupsBeside(keeper), kill)
          .isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
  }

  private static List<String> cgroupsBeside(String keeper) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path parent : Leftovers.cgroups(NAME)) {
      String[] below = parent.toFile().list((dir, name) -> name.length() == 64);
      found.addAll(below == null ? List.of() : List.of(below));
    }
    found.removeIf(keeper::equals);
    return found;
  }

  private String pidOf(String id) {
    return api.get("/containers/" + id + "/json").expect(200).json().at("/State/Pid").asText();
  }

  private boolean isRunning(String id) {
    return api.get("/containers/" + id + "/json")
        .expect(200)
        .json()
        .path("State")
        .path("Running")
        .asBoolean();
  }

  private void removeOthers(String keeper) {
    for (JsonNode container : api.get("/containers/json?all=1").expect(200).json()) {
      String id = container.path("Id").asText();
      if (!id.equals(keeper)) {
        api.delete("/containers/" + id + "?force=1&v=1").expect(204);
        existing.remove(id);
      }
    }
  }
}
