package io.slipway.benchmarks.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Very many tags and repositories for docker-registry, whose API would take an hour, as the folders
 * that its API would have left. Ours has them as rows, see {@link MetadataBenchmark}.
 */
final class Crowd {
  private Crowd() {}

  /** Makes {@code count} repositories, and a repository with as many tags. */
  static void folders(Contender peer, int count) throws IOException {
    Path all = repositories(peer);
    Path tags = all.resolve(MetadataBenchmark.BIG.value()).resolve("_manifests/tags");
    Files.createDirectories(tags);
    for (int i = 0; i < count; i++) {
      Files.createDirectory(tags.resolve(MetadataBenchmark.tag(i)));
      Files.createDirectories(all.resolve(MetadataBenchmark.repository(i)).resolve("_layers"));
    }
  }

  private static void link(Path folder, String digest) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("link"), digest);
  }

  private static Path repositories(Contender contender) {
    return contender.folder().resolve("data/docker/registry/v2/repositories");
  }

  /** Deleting a manifest that has a thousand tags. */
  static final class Deletes implements Workload {
    private static final String REPOSITORY = "bench/delete";
    private static final int TAGS = 1_000;
    private static final int TAGS_PER_REQUEST = 100;

    private String digest;

    @Override
    public String title() {
      return Goal.DELETE;
    }

    @Override
    public Scoreboard.Units units() {
      return new Scoreboard.Units("", "ms CPU", true);
    }

    @Override
    public double unitsPerRate() {
      return 1;
    }

    @Override
    public double costPerSecond() {
      return 1e3;
    }

    /** An empty index with all its tags; docker-registry gets them as files. */
    @Override
    public void prepare(Contender contender) throws IOException {
      byte[] index =
          """
          {"schemaVersion":2,"mediaType":"%s","manifests":[],"annotations":{"salt":"%d"}}\
          """
              .formatted(RegistryBenchmark.INDEX, System.nanoTime())
              .getBytes(StandardCharsets.UTF_8);
      digest = PushWorkloads.digest(index);
      String target = "/v2/" + REPOSITORY + "/manifests/" + digest;
      try (RawClient client = new RawClient(contender.port())) {
        for (int first = 0; first < (contender.isOurs() ? TAGS : 1); first += TAGS_PER_REQUEST) {
          String query = contender.isOurs() ? query(first) : "";
          client
              .send("PUT", target + query, index, "Content-Type: " + RegistryBenchmark.INDEX)
              .require(201);
        }
      }
      if (!contender.isOurs()) {
        Path tags = repositories(contender).resolve(REPOSITORY).resolve("_manifests/tags");
        for (int i = 0; i < TAGS; i++) {
          Path tag = tags.resolve(MetadataBenchmark.tag(i));
          link(tag.resolve("current"), digest);
          link(tag.resolve("index/sha256").resolve(digest.substring(7)), digest);
        }
      }
    }

    private static String query(int first) {
      StringBuilder query = new StringBuilder();
      for (int i = first; i < first + TAGS_PER_REQUEST; i++) {
        query.append(i == first ? '?' : '&').append("tag=").append(MetadataBenchmark.tag(i));
      }
      return query.toString();
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
