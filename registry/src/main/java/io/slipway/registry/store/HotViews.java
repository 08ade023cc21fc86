package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What repositories were lately found to hold. Every change of a repository drops its whole view
 * after the change is committed and before it is acknowledged. A reader takes the view before it
 * asks the metadata and adds to that view, so what it learnt before a change ends in a view that
 * nobody sees any more; no locks between readers and writers are needed. Safe for threads.
 */
final class HotViews {
  private static final int MAX_VIEWS = 1_024;
  private static final int MAX_ENTRIES = 4_096;

  private final Map<RepositoryName, View> views =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RepositoryName, View> eldest) {
          return size() > MAX_VIEWS;
        }
      };

  /** The present view of a repository, empty at first. */
  synchronized View of(RepositoryName repository) {
    return views.computeIfAbsent(repository, name -> new View());
  }

  synchronized void drop(RepositoryName repository) {
    views.remove(repository);
  }

  synchronized void dropAll() {
    views.clear();
  }

  /** Whether {@code view} is still what readers see of the repository. */
  synchronized boolean isPresent(RepositoryName repository, View view) {
    return views.get(repository) == view;
  }

  /** Positive answers of the metadata about one repository. */
  static final class View {
    private final Map<String, Digest> tags = new ConcurrentHashMap<>();
    private final Map<Digest, ManifestRecord> manifests = new ConcurrentHashMap<>();
    private final Map<Digest, BlobRecord> blobs = new ConcurrentHashMap<>();

    Optional<Digest> tag(String tag) {
      return Optional.ofNullable(tags.get(tag));
    }

    Optional<ManifestRecord> manifest(Digest digest) {
      return Optional.ofNullable(manifests.get(digest));
    }

    Optional<BlobRecord> blob(Digest digest) {
      return Optional.ofNullable(blobs.get(digest));
    }

    void tag(String tag, Digest digest) {
      add(tags, tag, digest);
    }

    void manifest(ManifestRecord manifest) {
      add(manifests, manifest.digest(), manifest);
    }

    void blob(BlobRecord blob) {
      add(blobs, blob.digest(), blob);
    }

    /** A view too full starts anew: simpler than an order of use, and as good for hot entries. */
    private static <K, V> void add(Map<K, V> map, K key, V value) {
      if (map.size() >= MAX_ENTRIES) {
        map.clear();
      }
      map.put(key, value);
    }
  }
}
