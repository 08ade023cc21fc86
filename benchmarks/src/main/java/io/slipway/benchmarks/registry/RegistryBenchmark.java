package io.slipway.benchmarks.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures our registry, Debian's docker-registry and, at what it can, nginx in turns and prints a
 * table; the columns with an x are ratios to docker-registry, each taken within a round.
 *
 * <p>Usage: {@code RegistryBenchmark LAUNCHER FOLDER [ROUNDS [WORDS]]}: the slipway command, a
 * folder to fill and empty, how often everything is done (default 5), and words of the titles of
 * the workloads to keep to.
 */
public final class RegistryBenchmark {
  private static final int LARGE = 100_000_000;
  private static final int SMALL = 10_000;
  private static final long WARM_UP_NANOS = 4_000_000_000L;
  private static final int CROWD = 100_000;
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String HEADER = "%-34s %-16s %12s %12s %10s %10s%n";

  private record Sample(double rate, double cost) {}

  private final List<Contender> contenders;
  private final Map<String, Workload> byTitle = new LinkedHashMap<>();
  private final Map<String, Map<String, List<Sample>>> samples = new LinkedHashMap<>();

  private RegistryBenchmark(List<Contender> contenders) {
    this.contenders = contenders;
  }

  public static void main(String[] arguments) throws Exception {
    Path launcher = Path.of(arguments[0]).toAbsolutePath();
    Path folder = Files.createDirectories(Path.of(arguments[1])).toAbsolutePath();
    int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 5;
    String words = arguments.length > 3 ? arguments[3] : "";
    try (Contender ours = Contender.slipway(launcher, folder.resolve("slipway"));
        Contender nginx = Contender.nginx(folder.resolve("nginx"));
        Contender peer = Contender.distribution(folder.resolve("docker-registry"))) {
      RegistryBenchmark benchmark = new RegistryBenchmark(List.of(ours, nginx, peer));
      System.out.printf(
          "start to first connection: %s %.0f ms, %s %.0f ms%n",
          ours.name(), ours.startMillis(), peer.name(), peer.startMillis());
      benchmark.measure(words, rounds);
      benchmark.print();
    } finally {
      empty(folder);
    }
  }

  private void measure(String words, int rounds) throws Exception {
    Seed seed = seed();
    memory("idle");
    List<Workload> chosen =
        workloads(seed).stream().filter(w -> w.title().contains(words)).toList();
    if (chosen.stream().anyMatch(w -> w.title().contains("100,000"))) {
      crowd(seed);
    }
    warmUp(chosen);
    for (int round = 0; round < rounds; round++) {
      for (Workload workload : chosen) {
        for (Contender contender : suited(workload)) {
          samples
              .computeIfAbsent(workload.title(), t -> new LinkedHashMap<>())
              .computeIfAbsent(contender.name(), n -> new ArrayList<>())
              .add(sample(workload, contender));
        }
      }
    }
    memory("peak");
    units(chosen);
  }

  /** Until code is compiled and files are in memory; the same for everybody. */
  private void warmUp(List<Workload> chosen) throws Exception {
    for (Workload workload : chosen) {
      for (Contender contender : suited(workload)) {
        long end = System.nanoTime() + WARM_UP_NANOS;
        do {
          sample(workload, contender);
        } while (System.nanoTime() < end);
      }
    }
  }

  private List<Contender> suited(Workload workload) {
    return contenders.stream().filter(workload::suits).toList();
  }

  private void crowd(Seed seed) throws Exception {
    for (Contender contender : contenders) {
      if (contender.isRegistry()) {
        Crowd.tags(contender, "bench/tags", CROWD, "crowd");
        Crowd.repositories(contender, seed.configDigest(), "bench", CROWD);
      }
    }
  }

  private void units(List<Workload> chosen) {
    chosen.forEach(workload -> byTitle.put(workload.title(), workload));
  }

  private static Sample sample(Workload workload, Contender contender) throws Exception {
    workload.prepare(contender);
    double cpu = contender.cpuSeconds();
    long begin = System.nanoTime();
    double units = workload.run(contender).units();
    double seconds = (System.nanoTime() - begin) / 1e9;
    double used = contender.cpuSeconds() - cpu;
    return new Sample(
        units / seconds / workload.unitsPerRate(), used / units * workload.costPerSecond());
  }

  private record Seed(String manifestDigest, String configDigest, String blobDigest) {}

  /** The same image and blob for everybody. */
  private Seed seed() throws IOException {
    PushWorkloads.Content blob = PushWorkloads.Content.fresh(PushWorkloads.random(LARGE));
    PushWorkloads.Content config = PushWorkloads.Content.fresh(PushWorkloads.random(130));
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}\
        """
            .formatted(
                MANIFEST,
                config.digest(),
                config.bytes().length,
                blob.digest(),
                blob.bytes().length);
    String digest = "";
    for (Contender contender : contenders) {
      if (!contender.isRegistry()) {
        continue;
      }
      try (RawClient client = new RawClient(contender.port())) {
        for (PushWorkloads.Content content : List.of(blob, config)) {
          String location =
              client.send("POST", "/v2/bench/blobs/uploads/", new byte[0]).require(202).location();
          char separator = location.indexOf('?') < 0 ? '?' : '&';
          client
              .send("PUT", location + separator + "digest=" + content.digest(), content.bytes())
              .require(201);
        }
        digest =
            client
                .send(
                    "PUT",
                    "/v2/bench/manifests/latest",
                    manifest.getBytes(StandardCharsets.UTF_8),
                    "Content-Type: " + MANIFEST)
                .require(201)
                .headers()
                .get("docker-content-digest");
      }
    }
    files(
        Map.of("blobs/" + blob.digest(), blob.bytes(), "blobs/" + config.digest(), config.bytes()));
    byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
    files(Map.of("manifests/" + digest, bytes, "manifests/latest", bytes));
    return new Seed(digest, config.digest(), blob.digest());
  }

  /** The same for those who only know files. */
  private void files(Map<String, byte[]> files) throws IOException {
    for (Contender contender : contenders) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        if (!contender.isRegistry()) {
          Path path = contender.folder().resolve("html/v2/bench").resolve(file.getKey());
          Files.createDirectories(path.getParent());
          Files.write(path, file.getValue());
        }
      }
    }
  }

  private static List<Workload> workloads(Seed seed) {
    String blob = "/v2/bench/blobs/" + seed.blobDigest();
    String manifest = "/v2/bench/manifests/";
    return List.of(
        new PullWorkloads.Requests(
            "manifest by digest, 16 conns", manifest + seed.manifestDigest(), 16, 3, true),
        new PullWorkloads.Requests("manifest by tag, 16 conns", manifest + "latest", 16, 3, true),
        new PullWorkloads.Requests(
            "config blob, 16 conns", "/v2/bench/blobs/" + seed.configDigest(), 16, 3, true),
        new PullWorkloads.Downloads("blob GET 100 MB, 1 client", blob, LARGE, 1, 5),
        new PullWorkloads.Downloads("blob GET 100 MB, 8 clients", blob, LARGE, 8, 2),
        push("push 100 MB monolithic", PushWorkloads.Style.MONOLITHIC, LARGE, 2, 1),
        push("push 100 MB in 10 MiB chunks", PushWorkloads.Style.CHUNKED, LARGE, 2, 1),
        push("push 100 MB streamed", PushWorkloads.Style.STREAMED, LARGE, 2, 1),
        push("push 4 x 25 MB in parallel", PushWorkloads.Style.STREAMED, LARGE / 4, 8, 4),
        new PushWorkloads.Pushes(
            "push 200 x 10 KB, 8 conns", PushWorkloads.Style.MONOLITHIC, SMALL, 200, 8, true),
        new PullWorkloads.Requests(
            "100 of 100,000 tags, 1 conn",
            "/v2/bench/tags/tags/list?n=100&last=t050000",
            1,
            2,
            false),
        new PullWorkloads.Requests(
            "100 of 100,000 repositories, 1 conn",
            "/v2/_catalog?n=100&last=many/r050000",
            1,
            2,
            false),
        new Crowd.Deletes());
  }

  private static Workload push(
      String title, PushWorkloads.Style style, int size, int count, int connections) {
    return new PushWorkloads.Pushes(title, style, size, count, connections, false);
  }

  private void memory(String when) throws IOException {
    for (Contender contender : contenders) {
      System.out.printf(
          "memory %s: %s %.0f MiB%n",
          when, contender.name(), contender.statusMiB(when.equals("peak") ? "VmHWM" : "VmRSS"));
    }
  }

  private void print() {
    System.out.printf(HEADER, "work", "server", "rate", "cpu", "rate x", "cpu x");
    samples.forEach((title, byContender) -> {
      Workload workload = byTitle.get(title);
      List<Sample> base = byContender.get(contenders.getLast().name());
      byContender.forEach((name, list) ->
          System.out.printf(
              HEADER,
              title,
              name,
              "%.0f %s".formatted(median(list, Sample::rate), workload.rateUnit()),
              "%.2f %s".formatted(median(list, Sample::cost), workload.costUnit()),
              "%.2f".formatted(ratio(list, base, Sample::rate)),
              "%.2f".formatted(ratio(list, base, Sample::cost))));
    });
  }

  private interface Figure {
    double of(Sample sample);
  }

  private static double median(List<Sample> list, Figure figure) {
    return middle(list.stream().map(figure::of).toList());
  }

  /** The median of the ratios within each round. */
  private static double ratio(List<Sample> list, List<Sample> base, Figure figure) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      ratios.add(figure.of(list.get(i)) / figure.of(base.get(i)));
    }
    return middle(ratios);
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static void empty(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
