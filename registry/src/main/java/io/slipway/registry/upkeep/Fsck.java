package io.slipway.registry.upkeep;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.registry.store.BlobCheck;
import io.slipway.registry.store.ContentRecord;
import io.slipway.registry.store.ManifestRecord;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Compares the metadata with the blobs, both ways, and each manifest with what the metadata says it
 * names. It reads manifests only; {@link Scrub} reads everything. May run beside a server.
 */
public final class Fsck {
  private static final int PAGE = 200;

  /** A blob younger than this may belong to a push under way. */
  private static final Duration YOUNG = Duration.ofHours(1);

  private final RegistryStore store;
  private final BlobStore blobs;
  private final BlobCheck check;
  private final boolean repair;
  private final Unknown unknown;
  private final Consumer<String> out;
  private long problems;
  private long repaired;

  /** What becomes of blobs that the metadata does not know. */
  public enum Unknown {
    /** A problem that is told. */
    TELL,
    /** A problem that is repaired. */
    DISCARD,
    /** No problem: the metadata does not know everything, for example just after a rebuild. */
    KEEP
  }

  /** What was found. */
  public record Report(long contents, long manifests, long problems, long repaired) {
    @Override
    public String toString() {
      return problems == 0
          ? "clean: %d contents, %d manifests".formatted(contents, manifests)
          : "%d problems in %d contents and %d manifests, %d repaired"
              .formatted(problems, contents, manifests, repaired);
    }
  }

  /** {@code out} is told of each problem. */
  public Fsck(
      RegistryStore store, BlobStore blobs, boolean repair, Unknown unknown, Consumer<String> out) {
    this.store = store;
    this.blobs = blobs;
    this.check = new BlobCheck(blobs);
    this.repair = repair;
    this.unknown = unknown;
    this.out = out;
  }

  public Report run() throws InterruptedException {
    try {
      long contents = contents();
      orphans();
      long manifests = 0;
      String after = "";
      List<RepositoryName> page;
      do {
        page = store.metadata().repositories().list(new Page(PAGE, after));
        for (RepositoryName repository : page) {
          manifests += manifests(repository);
          if (!store.metadata().upkeep().usage().recount(repository)) {
            problem(repository + ": its counts were wrong");
            repaired++;
          }
          after = repository.value();
        }
      } while (page.size() == PAGE);
      return new Report(contents, manifests, problems, repaired);
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "look at the blobs: " + e.getMessage(), e);
    }
  }

  private void problem(String text) {
    problems++;
    out.accept(text);
  }

  /** Contents that a repository holds and whose blob is missing or of another size. */
  private long contents() throws IOException, InterruptedException {
    long count = 0;
    String after = "";
    List<ContentRecord> page;
    do {
      page = store.metadata().upkeep().contents().list(new Page(PAGE, after));
      for (ContentRecord content : page) {
        count++;
        after = content.digest().toString();
        if (content.damaged()) {
          problem("damaged: " + content.digest() + ", to be pushed again");
        } else if (!check.hasSize(content.digest(), content.size())) {
          missing(content);
        }
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } while (page.size() == PAGE);
    return count;
  }

  private void missing(ContentRecord content) throws IOException {
    Optional<BlobInfo> stored = blobs.stat(content.digest());
    // collected since the page was read, or by a process that was killed before it forgot this
    if (isUnheld(content.digest())) {
      return;
    }
    problem(
        stored.isEmpty()
            ? "missing: " + content.digest()
            : "damaged: %s has %d bytes, not %d"
                .formatted(content.digest(), stored.get().size(), content.size()));
    if (repair && store.guard().quarantine(content.digest(), BlobCheck.unchangedSince(stored))) {
      repaired++;
    }
  }

  /** What no repository holds is missed by nobody, and the next collection forgets it. */
  private boolean isUnheld(Digest digest) {
    return !store.metadata().upkeep().contents().unheld(List.of(digest)).isEmpty();
  }

  /** Blobs that the metadata does not know. */
  private void orphans() throws IOException, InterruptedException {
    List<Digest> found = new ArrayList<>();
    Instant young = Instant.now().minus(YOUNG);
    try (Stream<BlobInfo> all = blobs.list()) {
      all.filter(blob -> blob.committed().isBefore(young))
          .filter(blob -> store.metadata().upkeep().contents().find(blob.digest()).isEmpty())
          .forEach(blob -> found.add(blob.digest()));
    }
    for (Digest digest : found) {
      if (unknown == Unknown.KEEP) {
        out.accept("unknown to the metadata, kept: " + digest);
        continue;
      }
      problem("unknown to the metadata: " + digest);
      if (unknown == Unknown.DISCARD) {
        repaired += store.guard().discard(List.of(digest)).size();
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private long manifests(RepositoryName repository) throws IOException, InterruptedException {
    long count = 0;
    String after = "";
    List<ManifestRecord> page;
    do {
      page = store.metadata().manifests().list(repository, new Page(PAGE, after));
      for (ManifestRecord record : page) {
        manifest(repository, record);
        count++;
        after = record.digest().toString();
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } while (page.size() == PAGE);
    return count;
  }

  private void manifest(RepositoryName repository, ManifestRecord record) throws IOException {
    Optional<Bytes> bytes = new StoredManifests(blobs).read(record.digest());
    if (bytes.isEmpty()) {
      problem("%s: manifest %s cannot be read".formatted(repository, record.digest()));
      if (repair
          && store
              .guard()
              .quarantine(record.digest(), BlobCheck.unchangedSince(blobs.stat(record.digest())))) {
        repaired++;
      }
      return;
    }
    Optional<Manifest> manifest = StoredManifests.parse(bytes.get(), record.mediaType());
    if (manifest.isEmpty()) {
      problem("%s: %s is no manifest".formatted(repository, record.digest()));
      return;
    }
    Set<Digest> kept =
        new HashSet<>(store.metadata().upkeep().garbage().keptBy(repository, record.digest()));
    for (Descriptor named : StoredManifests.named(manifest.get())) {
      boolean held =
          manifest.get() instanceof ImageManifest
              ? store.metadata().blobs().find(repository, named.digest()).isPresent()
              : store.metadata().manifests().find(repository, named.digest()).isPresent();
      if (held && !kept.contains(named.digest())) {
        problem(
            "%s: manifest %s does not keep %s, which it names"
                .formatted(repository, record.digest(), named.digest()));
        if (repair) {
          store.manifests().restore(repository, record, bytes.get());
          repaired++;
          return;
        }
      }
    }
  }
}
