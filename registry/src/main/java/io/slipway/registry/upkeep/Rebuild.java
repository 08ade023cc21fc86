package io.slipway.registry.upkeep;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.ManifestPush;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.TagCondition;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Makes the metadata anew from the blobs and the journal of names. A manifest that no name leads to
 * comes into the repository {@code recovered}, with the start of its digest for a tag, so that it
 * is neither lost nor collected. Can be done again, also when the metadata has something already.
 */
public final class Rebuild {
  private static final RepositoryName RECOVERED = new RepositoryName("recovered");
  private static final int TAG_LENGTH = 16;

  private final RegistryStore store;
  private final BlobStore blobs;
  private final StoredManifests reader;
  private final Clock clock;
  private final Map<Digest, Manifest> manifests = new HashMap<>();
  private final Set<Digest> adopted = new HashSet<>();

  /** What was made. */
  public record Report(long repositories, long manifests, long tags, long recovered, long missing) {
    @Override
    public String toString() {
      return ("rebuilt %d manifests and %d tags in %d repositories; %d manifests without a name are"
              + " in repository %s; %d named manifests are not in the store")
          .formatted(manifests, tags, repositories, recovered, RECOVERED, missing);
    }
  }

  /** The store must accept manifests whatever they name: children may be missing. */
  public Rebuild(RegistryStore store, BlobStore blobs, Clock clock) {
    this.store = store;
    this.blobs = blobs;
    this.reader = new StoredManifests(blobs);
    this.clock = clock;
  }

  /** Reads all small blobs; nobody else uses the store meanwhile. */
  public Report run(NamedManifests names, Consumer<String> out) throws InterruptedException {
    try {
      readManifests();
      out.accept("found " + manifests.size() + " manifests among the blobs");
      long tags = 0;
      long missing = 0;
      for (var entry : names.repositories().entrySet()) {
        for (var named : entry.getValue().types().entrySet()) {
          Set<String> tagged = entry.getValue().tagsOf(named.getKey());
          if (adopt(entry.getKey(), named.getKey(), named.getValue(), List.copyOf(tagged))) {
            tags += tagged.size();
          } else if (!tagged.isEmpty()) {
            missing++;
            out.accept(
                "%s: manifest %s of tags %s is not in the store"
                    .formatted(entry.getKey(), named.getKey(), tagged));
          }
        }
      }
      long named = adopted.size();
      long recovered = recoverRest();
      return new Report(names.repositories().size(), named + recovered, tags, recovered, missing);
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "read the blobs: " + e.getMessage(), e);
    }
  }

  private void readManifests() throws IOException, InterruptedException {
    List<BlobInfo> small;
    try (Stream<BlobInfo> all = blobs.list()) {
      small = all.filter(blob -> blob.size() <= Manifest.MAX_BYTES).toList();
    }
    for (BlobInfo blob : small) {
      Optional<Bytes> bytes = reader.read(blob.digest());
      bytes
          .flatMap(content -> StoredManifests.parse(content, ""))
          .ifPresent(manifest -> manifests.put(blob.digest(), manifest));
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** False when the store lacks the manifest. */
  private boolean adopt(
      RepositoryName repository, Digest digest, String mediaType, List<String> tags)
      throws IOException {
    Manifest manifest = manifests.get(digest);
    if (manifest == null) {
      return false;
    }
    if (manifest instanceof ImageManifest) {
      for (Descriptor blob : StoredManifests.named(manifest)) {
        link(repository, blob.digest());
      }
    }
    store
        .manifests()
        .push(
            new ManifestPush(
                repository,
                new ManifestReference.ByDigest(digest),
                mediaType,
                manifest.bytes(),
                tags,
                new TagCondition.Always()));
    adopted.add(digest);
    return true;
  }

  private void link(RepositoryName repository, Digest digest) throws IOException {
    Optional<BlobInfo> stored = blobs.stat(digest);
    if (stored.isPresent()) {
      store
          .metadata()
          .blobs()
          .link(repository, new BlobRecord(digest, stored.get().size()), clock.instant());
    }
  }

  /** Those that nothing names get a name; what they name comes along. */
  private long recoverRest() throws IOException {
    Set<Digest> children = new HashSet<>();
    for (Manifest manifest : manifests.values()) {
      if (manifest instanceof ImageIndex) {
        StoredManifests.named(manifest).forEach(child -> children.add(child.digest()));
      }
    }
    long recovered = 0;
    for (Digest digest : Set.copyOf(manifests.keySet())) {
      if (adopted.contains(digest)) {
        continue;
      }
      List<String> tags =
          children.contains(digest) ? List.of() : List.of(digest.hex().substring(0, TAG_LENGTH));
      adopt(RECOVERED, digest, manifests.get(digest).descriptor().mediaType(), tags);
      recovered++;
    }
    return recovered;
  }
}
