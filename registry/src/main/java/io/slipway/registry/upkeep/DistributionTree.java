package io.slipway.registry.upkeep;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What distribution's registry (docker-registry) keeps on a file system:
 *
 * <pre>
 * docker/registry/v2/blobs/ALGORITHM/HH/HEX/data
 * docker/registry/v2/repositories/NAME/_manifests/revisions/ALGORITHM/HEX/link
 * docker/registry/v2/repositories/NAME/_manifests/tags/TAG/current/link
 * </pre>
 *
 * <p>A link is a file that holds a digest.
 */
public final class DistributionTree {
  private static final String PREFIX = "docker/registry/v2";

  private final Path base;
  private final RegistryStore store;

  private DistributionTree(Path base, RegistryStore store) {
    this.base = base;
    this.store = store;
  }

  /** {@code folder} is the root directory of that registry, or one of those inside it. */
  public static DistributionTree open(Path folder, RegistryStore store) {
    for (Path base : List.of(folder.resolve(PREFIX), folder)) {
      if (Files.isDirectory(base.resolve("repositories"))
          && Files.isDirectory(base.resolve("blobs"))) {
        return new DistributionTree(base, store);
      }
    }
    throw SlipwayException.notFound(
        folder
            + " is neither the folder of a docker-registry (no docker/registry/v2) nor an OCI"
            + " layout (no oci-layout)");
  }

  private Path blob(Digest digest) {
    return base.resolve("blobs")
        .resolve(digest.algorithm().label())
        .resolve(digest.hex().substring(0, 2))
        .resolve(digest.hex())
        .resolve("data");
  }

  /** Takes in all repositories; can be done again. */
  public ImportReport importAll(Consumer<String> out) throws IOException, InterruptedException {
    Path repositories = base.resolve("repositories");
    List<Path> found;
    try (Stream<Path> all = Files.walk(repositories)) {
      found =
          all.filter(path -> path.getFileName().toString().equals("_manifests"))
              .map(Path::getParent)
              .sorted()
              .toList();
    }
    ImportReport report = new ImportReport(0, 0, 0, 0);
    for (Path folder : found) {
      String name = repositories.relativize(folder).toString();
      Optional<RepositoryName> repository = RepositoryName.tryParse(name);
      if (repository.isEmpty()) {
        out.accept("skipped " + folder + ": invalid repository name");
        report = report.plus(new ImportReport(0, 0, 0, 1));
      } else {
        report = report.plus(repository(repository.get(), folder.resolve("_manifests"), out));
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    return report;
  }

  private ImportReport repository(RepositoryName name, Path manifests, Consumer<String> out)
      throws IOException {
    TreeMap<String, Set<String>> tagsOf = new TreeMap<>();
    long skipped = 0;
    for (Path revision : links(manifests.resolve("revisions"))) {
      Optional<Digest> digest = link(revision);
      if (digest.isEmpty()) {
        out.accept("skipped " + revision + ": it holds no digest");
        skipped++;
      } else {
        tagsOf.computeIfAbsent(digest.get().toString(), d -> new TreeSet<>());
      }
    }
    for (Path tag : children(manifests.resolve("tags"))) {
      Optional<Digest> digest = link(tag.resolve("current").resolve("link"));
      if (digest.isEmpty() || !tagsOf.containsKey(digest.get().toString())) {
        out.accept("%s: skipped tag %s: it names nothing".formatted(name, tag.getFileName()));
        skipped++;
      } else {
        tagsOf.get(digest.get().toString()).add(tag.getFileName().toString());
      }
    }
    ImportIntake intake = new ImportIntake(store, this::blob, out);
    Set<Digest> done = ImportIntake.nothingYet();
    long tags = 0;
    for (var entry : tagsOf.entrySet()) {
      List<String> names = List.copyOf(entry.getValue());
      if (intake.manifest(name, Digest.parse(entry.getKey()), "", names, done)) {
        tags += names.size();
      } else {
        skipped++;
      }
    }
    return new ImportReport(1, done.size(), tags, skipped);
  }

  private static List<Path> links(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.getFileName().toString().equals("link")).sorted().toList();
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  /** Empty for what a crash left: an empty or missing file. */
  private static Optional<Digest> link(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) < 1_000
        ? Digest.tryParse(Files.readString(file).strip())
        : Optional.empty();
  }
}
