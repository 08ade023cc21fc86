package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds at once by the hundred, and daemons killed under them: each step is carried out once,
 * counted by what it writes into a cache mount. {@code -Dbuilds.many=1000} and {@code
 * -Dbuilds.kills=20} make a long run of it. Needs root.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ManyBuildsIT {
  private static final int MANY = Integer.getInteger("builds.many", 200);
  private static final int KINDS = 10;
  private static final int KILLS = Integer.getInteger("builds.kills", 3);
  private static final int CHAINS = 4;
  private static final int CHAIN_STEPS = 6;
  private static final long MAX_RESIDENT_KIB = 350 << 10;
  private static final String COUNT = "RUN --mount=type=cache,id=count,target=/c echo x >> /c/";
  private static final Pattern IMAGE = Pattern.compile("Successfully built ([0-9a-f]{12})");

  @TempDir Path temp;
  private SlipwayDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(9));
    daemon.importBase("busybox");
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    try (SlipwayDaemon ours = daemon) {
      assertThat(Leftovers.of(ours)).isEmpty();
    }
  }

  /** Two stages beside each other on a common one; only the common one is in every kind. */
  private static String diamond(int kind) {
    String text =
        """
        FROM busybox AS base
        #base && echo common > /common
        FROM base AS left
        #left-K && sleep 0.2 && echo left K > /l
        FROM base AS right
        #right-K && sleep 0.2 && echo right K > /r
        FROM busybox
        COPY f /f
        COPY --from=left /l /common /
        COPY --from=right /r /
        #last-K && cat /l /r /f > /all
        """;
    return text.replace("#", COUNT).replace("K", Integer.toString(kind));
  }

  /** Steps one after the other. */
  private static String chain(int number) {
    StringBuilder text = new StringBuilder("FROM busybox\n");
    for (int step = 1; step <= CHAIN_STEPS; step++) {
      text.append(
          COUNT + "chain-%d && sleep 0.2 && echo %d > /s%d\n".formatted(number, step, step));
    }
    return text.toString();
  }

  /** What the engine answers to a build. */
  private RawEngine.Answer build(String dockerfile) throws IOException {
    var sent = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(sent)) {
      for (var file : Map.of("Dockerfile", dockerfile, "f", "a file\n").entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(file.getKey());
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return new RawEngine(daemon.socket())
        .send("POST", "/build", sent.toByteArray(), "application/x-tar");
  }

  private static String image(RawEngine.Answer answer) {
    Matcher image = IMAGE.matcher(answer.body());
    assertThat(image.find()).as(answer.body()).isTrue();
    return image.group(1);
  }

  /** How often the steps ran that have written this, as the cache mount tells. */
  private Map<String, Integer> counts() throws IOException {
    String read =
        "FROM busybox\nRUN --mount=type=cache,id=count,target=/c wc -l /c/* # %d\n"
            .formatted(System.nanoTime());
    Map<String, Integer> counts = new TreeMap<>();
    Matcher line = Pattern.compile("(\\d+) /c/([a-z0-9-]+)").matcher(build(read).body());
    while (line.find()) {
      counts.put(line.group(2), Integer.parseInt(line.group(1)));
    }
    return counts;
  }

  @Test
  void equalStepsOfManyBuildsRunOnce() throws Exception {
    image(build(diamond(-1)));
    long descriptors = descriptors();
    long begin = System.nanoTime();
    Map<Integer, List<Future<RawEngine.Answer>>> builds = new TreeMap<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < MANY; i++) {
        int kind = i % KINDS;
        builds
            .computeIfAbsent(kind, _ -> new ArrayList<>())
            .add(threads.submit(() -> build(diamond(kind))));
      }
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    for (List<Future<RawEngine.Answer>> equal : builds.values()) {
      List<String> images = new ArrayList<>();
      for (Future<RawEngine.Answer> build : equal) {
        images.add(image(build.get()));
      }
      assertThat(images).containsOnly(images.getFirst());
    }
    Map<String, Integer> counts = counts();
    assertThat(counts).hasSize(1 + 3 * (KINDS + 1)).allSatisfy((_, n) -> assertThat(n).isOne());
    System.out.printf(
        "%d builds at once of %d Dockerfiles: %d ms, peak of the daemon %d MiB%n",
        MANY, KINDS, millis, status("VmHWM") >> 10);
    assertThat(status("VmHWM")).isLessThan(MAX_RESIDENT_KIB);
    Wait.until(() -> descriptors() <= descriptors + 10);
  }

  private long status(String name) throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/" + daemon.process().pid() + "/status")).stream()
            .filter(l -> l.startsWith(name + ":"))
            .findFirst()
            .orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", ""));
  }

  private long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + daemon.process().pid() + "/fd"))) {
      return open.count();
    }
  }

  @Test
  void killedBuildsLoseAtMostTheStepsTheyWereIn() throws Exception {
    Random random = new Random(7);
    for (int round = 0; round < KILLS; round++) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<RawEngine.Answer>> builds = new ArrayList<>();
        for (int i = 0; i < CHAINS; i++) {
          int number = i;
          builds.add(threads.submit(() -> build(chain(number))));
        }
        Thread.sleep(200 + random.nextInt(800));
        daemon.killHard();
        builds.forEach(ManyBuildsIT::ended);
      }
      indexIsSound();
      daemon.start();
      assertThat(Leftovers.of(daemon)).as("after kill " + round).isEmpty();
    }
    List<String> images = new ArrayList<>();
    for (int i = 0; i < CHAINS; i++) {
      images.add(image(build(chain(i))));
    }
    Map<String, Integer> counts = counts();
    System.out.println("steps run over " + KILLS + " kills: " + counts);
    for (int i = 0; i < CHAINS; i++) {
      assertThat(counts.get("chain-" + i)).isBetween(CHAIN_STEPS, CHAIN_STEPS + KILLS);
      assertThat(image(build(chain(i)))).isEqualTo(images.get(i));
    }
    assertThat(counts()).as("nothing ran again").isEqualTo(counts);
  }

  /** Broken off by the kill, or done before it. */
  private static void ended(Future<RawEngine.Answer> build) {
    try {
      assertThat(build.get().status()).isEqualTo(200);
    } catch (ExecutionException e) {
      // The connection broke, or the answer broke off in the middle.
      assertThat(e.getCause()).isInstanceOfAny(IOException.class, RuntimeException.class);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A copy of the cache's index, because looking at it repairs it. */
  private void indexIsSound() throws IOException, SQLException {
    Path copy = Files.createTempDirectory(temp, "index");
    List<Path> indexes;
    try (Stream<Path> files = Files.find(daemon.dataRoot(), 4, (p, _) -> isIndex(p))) {
      indexes = files.toList();
    }
    for (Path part : indexes) {
      Files.copy(part, copy.resolve(part.getFileName()));
    }
    Path database =
        indexes.stream().filter(p -> p.toString().endsWith(".db")).findFirst().orElseThrow();
    String url = "jdbc:sqlite:" + copy.resolve(database.getFileName());
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet answer = connection.createStatement().executeQuery("PRAGMA integrity_check")) {
      assertThat(answer.next()).isTrue();
      assertThat(answer.getString(1)).isEqualTo("ok");
    }
  }

  private static boolean isIndex(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("cache.db");
  }
}
