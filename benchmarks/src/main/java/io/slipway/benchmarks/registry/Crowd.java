package io.slipway.benchmarks.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Very many tags and repositories. Ours gets them by its API; docker-registry, whose API would take
 * an hour, as the files that its API would have left.
 */
final class Crowd {
  private static final int TAGS_PER_REQUEST = 100;
  private static final int CONNECTIONS = 16;

  private Crowd() {}

  /** Gives a repository an empty index with {@code count} tags; the index's digest. */
  static String tags(Contender contender, String repository, int count, String salt)
      throws IOException {
    String index =
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[],"annotations":{"salt":"%s"}}\
        """
            .formatted(RegistryBenchmark.INDEX, salt);
    byte[] bytes = index.getBytes(StandardCharsets.UTF_8);
    String digest = PushWorkloads.digest(bytes);
    try (RawClient client = new RawClient(contender.port())) {
      for (int first = 0; first < (contender.isOurs() ? count : 1); first += TAGS_PER_REQUEST) {
        String query =
            contender.isOurs() ? query(first, Math.min(count, first + TAGS_PER_REQUEST)) : "";
        client
            .send(
                "PUT",
                "/v2/" + repository + "/manifests/" + digest + query,
                bytes,
                "Content-Type: " + RegistryBenchmark.INDEX)
            .require(201);
      }
    }
    if (!contender.isOurs()) {
      Path tags = repositories(contender).resolve(repository).resolve("_manifests").resolve("tags");
      for (int i = 0; i < count; i++) {
        link(tags.resolve(tag(i)).resolve("current"), digest);
        link(tags.resolve(tag(i)).resolve("index/sha256").resolve(digest.substring(7)), digest);
      }
    }
    return digest;
  }

  private static String query(int from, int to) {
    StringBuilder query = new StringBuilder("?tag=" + tag(from));
    for (int i = from + 1; i < to; i++) {
      query.append("&tag=").append(tag(i));
    }
    return query.toString();
  }

  private static String tag(int number) {
    return "t%06d".formatted(number);
  }

  private static void link(Path folder, String digest) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("link"), digest);
  }

  private static Path repositories(Contender contender) {
    return contender.folder().resolve("data/docker/registry/v2/repositories");
  }

  /** Makes {@code count} repositories that hold the blob of another one. */
  static void repositories(Contender contender, String blob, String from, int count)
      throws Exception {
    if (!contender.isOurs()) {
      for (int i = 0; i < count; i++) {
        Files.createDirectories(
            repositories(contender).resolve("many/r%06d/_layers/sha256".formatted(i)));
      }
      return;
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        int first = i;
        all.add(threads.submit(() -> mount(contender, blob, from, first, count)));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
  }

  private static Void mount(Contender contender, String blob, String from, int first, int count)
      throws IOException {
    try (RawClient client = new RawClient(contender.port())) {
      for (int i = first; i < count; i += CONNECTIONS) {
        String target = "/v2/many/r%06d/blobs/uploads/?mount=%s&from=%s".formatted(i, blob, from);
        client.send("POST", target, new byte[0]).require(201);
      }
    }
    return null;
  }

  /** Deleting a manifest that has a thousand tags. */
  static final class Deletes implements Workload {
    private static final String REPOSITORY = "bench/delete";
    private static final int TAGS = 1_000;

    private String digest;

    @Override
    public String title() {
      return "delete a manifest of 1,000 tags";
    }

    @Override
    public String rateUnit() {
      return "per s";
    }

    @Override
    public String costUnit() {
      return "ms";
    }

    @Override
    public double unitsPerRate() {
      return 1;
    }

    @Override
    public double costPerSecond() {
      return 1e3;
    }

    @Override
    public void prepare(Contender contender) throws IOException {
      digest = tags(contender, REPOSITORY, TAGS, "" + System.nanoTime());
    }

    @Override
    public Work run(Contender contender) throws IOException {
      try (RawClient client = new RawClient(contender.port())) {
        client
            .send("DELETE", "/v2/" + REPOSITORY + "/manifests/" + digest, new byte[0])
            .require(202);
      }
      return new Work(1);
    }
  }
}
