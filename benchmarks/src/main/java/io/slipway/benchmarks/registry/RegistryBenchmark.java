package io.slipway.benchmarks.registry;

import io.slipway.registry.auth.HtpasswdFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Measures our registry, Debian's docker-registry and, at what it can, nginx in turns and prints a
 * table in Markdown: medians, ratios to docker-registry taken within a round, and whether we reach
 * what we aim at.
 *
 * <p>Usage: {@code RegistryBenchmark LAUNCHER FOLDER [ROUNDS [WORDS]]}: the slipway command, a
 * folder to fill and empty, how often everything is done (default 3), and words of the titles of
 * the rows to keep to.
 */
public final class RegistryBenchmark {
  private static final int LARGE = 100_000_000;
  private static final int SMALL = 10_000;
  private static final int TINY = 130;
  private static final int CLIENTS = 8;
  private static final int BLOBS = 1_000_000;
  private static final int CROWD = BLOBS / 10;
  private static final List<String> NEED_ROWS =
      List.of(Goal.START, Goal.KILLED, Goal.TAGS, Goal.REPOSITORIES, Goal.DELETE);
  private static final long WARM_UP_NANOS = 4_000_000_000L;
  private static final long SETTLE_MILLIS = 12_000;
  private static final String USER = "bench";
  private static final String SECRET = "secret";
  static final String PASSWORD =
      "Authorization: Basic "
          + Base64.getEncoder()
              .encodeToString((USER + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final Scoreboard.Units MEMORY = new Scoreboard.Units("MiB", "", false);

  private final String words;
  private final List<Contender> contenders = new ArrayList<>();
  private final Scoreboard board = new Scoreboard();

  private RegistryBenchmark(String words) {
    this.words = words;
  }

  public static void main(String[] arguments) throws Exception {
    Path launcher = Path.of(arguments[0]).toAbsolutePath();
    Path folder = Files.createDirectories(Path.of(arguments[1])).toAbsolutePath();
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
    RegistryBenchmark benchmark = new RegistryBenchmark(arguments.length > 3 ? arguments[3] : "");
    try {
      if (NEED_ROWS.stream().anyMatch(benchmark::isWanted)) {
        say("rows of 1,000,000 blobs, 100,000 repositories and 100,000 tags");
        MetadataBenchmark.fill(folder.resolve("slipway/data"), BLOBS);
      }
      if (benchmark.isWanted(Goal.START)) {
        say("starts");
        Startups.measure(launcher, folder, rounds, benchmark.board);
      }
      benchmark.measure(launcher, folder, rounds);
      benchmark.board.print();
    } catch (Exception e) {
      // what was measured until then; the exception itself comes after what is to be removed
      benchmark.board.print();
      throw e;
    } finally {
      say("empty " + folder);
      empty(folder);
    }
  }

  private boolean isWanted(String title) {
    return title.contains(words);
  }

  /** How far it is, beside the table. */
  private static void say(String what) {
    System.err.println(what);
  }

  private void measure(Path launcher, Path folder, int rounds) throws Exception {
    Optional<Path> users = Optional.of(Files.createDirectories(folder).resolve("users"));
    HtpasswdFile.put(users.get(), USER, SECRET);
    try (Contender ours = Contender.slipway(launcher, folder.resolve("slipway"));
        Contender nginx = Contender.nginx(folder.resolve("nginx"));
        Contender peer = Contender.distribution(folder.resolve("docker-registry"));
        Contender oursGuarded =
            Contender.slipway(launcher, folder.resolve("slipway-guarded"), users);
        Contender peerGuarded =
            Contender.distribution(folder.resolve("docker-registry-guarded"), users)) {
      contenders.addAll(List.of(ours, nginx, peer, oursGuarded, peerGuarded));
      memory(Goal.IDLE);
      Seed seed = seed();
      List<Workload> chosen = workloads(seed).stream().filter(w -> isWanted(w.title())).toList();
      busy(seed);
      if (chosen.stream().anyMatch(w -> w.title().contains("100,000"))) {
        Crowd.folders(peer, CROWD);
      }
      warmUp(chosen);
      for (int round = 1; round <= rounds; round++) {
        say("round " + round);
        for (Workload workload : chosen) {
          for (Contender contender : suited(workload)) {
            board.add(
                workload.title(), workload.units(), contender.name(), sample(workload, contender));
          }
        }
      }
    }
  }

  /** Until code is compiled and files are in memory. */
  private void warmUp(List<Workload> chosen) throws Exception {
    say("warm-up");
    for (Workload workload : chosen) {
      for (Contender contender : suited(workload)) {
        long end = System.nanoTime() + warmUpNanos(contender);
        do {
          sample(workload, contender);
        } while (System.nanoTime() < end);
      }
    }
  }

  /** The guarded server has one kind of request to get warm with, the other one three. */
  private static long warmUpNanos(Contender contender) {
    if (!contender.isOurs()) {
      return 0;
    }
    return contender.isGuarded() ? 3 * WARM_UP_NANOS : WARM_UP_NANOS;
  }

  private List<Contender> suited(Workload workload) {
    return contenders.stream().filter(workload::suits).toList();
  }

  private static Scoreboard.Sample sample(Workload workload, Contender contender) throws Exception {
    workload.prepare(contender);
    double cpu = contender.cpuSeconds();
    long begin = System.nanoTime();
    double units = workload.run(contender).units();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double used = contender.cpuSeconds() - cpu;
    return new Scoreboard.Sample(
        units / seconds / workload.unitsPerRate(), used / units * workload.costPerSecond());
  }

  private record Seed(String manifestDigest, String configDigest, String blobDigest) {}

  /** The same image and blob for everybody. */
  private Seed seed() throws IOException {
    PushWorkloads.Content blob = PushWorkloads.Content.fresh(PushWorkloads.random(LARGE));
    PushWorkloads.Content config = PushWorkloads.Content.fresh(PushWorkloads.random(TINY));
    byte[] manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}\
        """
            .formatted(MANIFEST, config.digest(), TINY, blob.digest(), LARGE)
            .getBytes(StandardCharsets.UTF_8);
    String digest = PushWorkloads.digest(manifest);
    for (Contender contender : contenders) {
      if (contender.isRegistry()) {
        push(contender, List.of(blob, config), manifest);
      } else {
        Path files = contender.folder().resolve("html/v2/bench");
        Map.of(
                "blobs/" + blob.digest(),
                blob.bytes(),
                "blobs/" + config.digest(),
                config.bytes(),
                "manifests/" + digest,
                manifest,
                "manifests/latest",
                manifest)
            .forEach((name, bytes) -> write(files.resolve(name), bytes));
      }
    }
    return new Seed(digest, config.digest(), blob.digest());
  }

  private static void push(Contender contender, List<PushWorkloads.Content> blobs, byte[] manifest)
      throws IOException {
    try (RawClient client = new RawClient(contender.port())) {
      for (PushWorkloads.Content blob : blobs) {
        String location =
            client
                .send("POST", "/v2/bench/blobs/uploads/", new byte[0], PASSWORD)
                .require(202)
                .location();
        client
            .send("PUT", PushWorkloads.finish(location, blob), blob.bytes(), PASSWORD)
            .require(201);
      }
      client
          .send(
              "PUT", "/v2/bench/manifests/latest", manifest, PASSWORD, "Content-Type: " + MANIFEST)
          .require(201);
    }
  }

  /** The same for those who only know files. */
  private static void write(Path file, byte[] content) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Workload> workloads(Seed seed) {
    String blob = "/v2/bench/blobs/" + seed.blobDigest();
    String manifest = "/v2/bench/manifests/";
    return List.of(
        new PullWorkloads.Requests(
            Goal.MANIFEST_BY_DIGEST, manifest + seed.manifestDigest(), false),
        new PullWorkloads.Requests(Goal.MANIFEST_BY_TAG, manifest + "latest", false),
        new PullWorkloads.Requests(Goal.GUARDED, manifest + "latest", true),
        new PullWorkloads.Requests(
            Goal.SMALL_BLOB, "/v2/bench/blobs/" + seed.configDigest(), false),
        new PullWorkloads.Downloads(Goal.DOWNLOAD, blob, LARGE, 1, 5),
        new PullWorkloads.Downloads(Goal.DOWNLOADS, blob, LARGE, CLIENTS, 2),
        push(Goal.MONOLITHIC, PushWorkloads.Style.MONOLITHIC, LARGE, 2, 1),
        push(Goal.CHUNKED, PushWorkloads.Style.CHUNKED, LARGE, 2, 1),
        push(Goal.STREAMED, PushWorkloads.Style.STREAMED, LARGE, 2, 1),
        push(Goal.PARALLEL, PushWorkloads.Style.STREAMED, LARGE / 4, 8, 4),
        new PushWorkloads.Pushes(
            Goal.SMALL_PUSHES, PushWorkloads.Style.MONOLITHIC, SMALL, 200, 8, true),
        new PullWorkloads.Lookups(
            Goal.TAGS,
            "/v2/%s/tags/list?n=100&last=%s"
                .formatted(MetadataBenchmark.BIG, MetadataBenchmark.tag(CROWD / 2))),
        new PullWorkloads.Lookups(
            Goal.REPOSITORIES,
            "/v2/_catalog?n=100&last=" + MetadataBenchmark.repository(CROWD / 2)),
        new Crowd.Deletes());
  }

  private static Workload push(
      String title, PushWorkloads.Style style, int size, int count, int connections) {
    return new PushWorkloads.Pushes(title, style, size, count, connections, false);
  }

  private void memory(String title) throws Exception {
    Thread.sleep(SETTLE_MILLIS);
    for (Contender contender : contenders) {
      if (!contender.isGuarded()) {
        double mib = contender.statusMiB(title.equals(Goal.IDLE) ? "VmRSS" : "VmHWM");
        board.add(title, MEMORY, contender.name(), new Scoreboard.Sample(mib, 0));
      }
    }
  }

  /** The most that is resident while eight clients push and eight pull, all at once. */
  private void busy(Seed seed) throws Exception {
    if (!isWanted(Goal.BUSY)) {
      return;
    }
    Workload pulls =
        new PullWorkloads.Downloads("", "/v2/bench/blobs/" + seed.blobDigest(), LARGE, CLIENTS, 4);
    Workload pushes = push("", PushWorkloads.Style.STREAMED, LARGE, CLIENTS, CLIENTS);
    for (Contender contender : contenders) {
      contender.forgetPeak();
      if (pushes.suits(contender)) {
        pushes.prepare(contender);
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
          Future<?> pushing = both.submit(() -> pushes.run(contender));
          pulls.run(contender);
          pushing.get();
        }
      } else if (pulls.suits(contender)) {
        pulls.run(contender);
      }
    }
    memory(Goal.BUSY);
  }

  private static void empty(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
