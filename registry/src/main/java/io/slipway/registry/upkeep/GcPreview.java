package io.slipway.registry.upkeep;

import io.slipway.image.model.Digest;
import io.slipway.registry.config.GcSettings;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.ContentIndex;
import io.slipway.registry.store.GarbageIndex;
import io.slipway.registry.store.GarbageIndex.Kind;
import io.slipway.registry.store.GarbagePage;
import io.slipway.registry.store.Keepers;
import io.slipway.registry.store.Page;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds what a collection would drop, and changes nothing. Unlike the collection, which sees what
 * its own drops have freed, this has to follow them; memory is needed for what it finds.
 */
final class GcPreview {
  private static final int REPOSITORIES = 100;
  private static final int ROWS = 500;

  private final GarbageIndex garbage;
  private final ContentIndex contents;
  private final GcSettings settings;
  private final Instant untouchedSince;

  /** How many repositories would let go of each content. */
  private final Map<Digest, Integer> letGo = new HashMap<>();

  private final Map<Digest, Long> sizes = new HashMap<>();

  GcPreview(RegistryStore store, GcSettings settings, Instant untouchedSince) {
    this.garbage = store.metadata().upkeep().garbage();
    this.contents = store.metadata().upkeep().contents();
    this.settings = settings;
    this.untouchedSince = untouchedSince;
  }

  GcReport run(Consumer<String> out) throws InterruptedException {
    GcReport report = GcReport.start(true);
    String after = "";
    List<RepositoryName> page;
    do {
      page = garbage.unreviewed(new Page(REPOSITORIES, after));
      for (RepositoryName repository : page) {
        report = report(repository, report, out);
        after = repository.value();
      }
    } while (page.size() == REPOSITORIES);
    return freed(report);
  }

  private GcReport report(RepositoryName repository, GcReport report, Consumer<String> out)
      throws InterruptedException {
    Set<Digest> manifests = settings.untagged() ? manifests(repository) : Set.of();
    Set<Digest> blobs = blobs(repository, manifests);
    manifests.forEach(digest -> out.accept(repository + ": would drop manifest " + digest));
    blobs.forEach(digest -> out.accept(repository + ": would drop blob " + digest));
    Set<Digest> both = new HashSet<>(manifests);
    both.addAll(blobs);
    both.forEach(digest -> letGo.merge(digest, 1, Integer::sum));
    return report.plus(1, manifests.size(), blobs.size());
  }

  private Set<Digest> manifests(RepositoryName repository) throws InterruptedException {
    Set<Digest> gone = new HashSet<>(unneeded(repository, Kind.MANIFEST));
    Deque<Digest> open = new ArrayDeque<>(gone);
    while (!open.isEmpty()) {
      for (Digest digest : garbage.keptBy(repository, open.pop())) {
        if (goes(repository, Kind.MANIFEST, digest, gone) && gone.add(digest)) {
          open.add(digest);
        }
      }
    }
    return gone;
  }

  private Set<Digest> blobs(RepositoryName repository, Set<Digest> manifests)
      throws InterruptedException {
    Set<Digest> gone = new HashSet<>(unneeded(repository, Kind.BLOB));
    for (Digest manifest : manifests) {
      for (Digest digest : garbage.keptBy(repository, manifest)) {
        if (!gone.contains(digest) && goes(repository, Kind.BLOB, digest, manifests)) {
          gone.add(digest);
        }
      }
    }
    return gone;
  }

  private boolean goes(RepositoryName repository, Kind kind, Digest digest, Set<Digest> gone) {
    Keepers keepers = garbage.keepers(repository, kind, digest);
    boolean goes =
        (kind == Kind.BLOB || !keepers.tagged())
            && keepers.lastUse().isBefore(untouchedSince)
            && gone.containsAll(keepers.manifests());
    if (goes) {
      sizes.put(digest, keepers.size());
    }
    return goes;
  }

  private Set<Digest> unneeded(RepositoryName repository, Kind kind) throws InterruptedException {
    Set<Digest> found = new HashSet<>();
    String cursor = "";
    do {
      GarbagePage page = garbage.unneeded(repository, kind, untouchedSince, cursor, ROWS);
      for (BlobRecord content : page.contents()) {
        found.add(content.digest());
        sizes.put(content.digest(), content.size());
      }
      cursor = page.cursor();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    } while (!cursor.isEmpty());
    return found;
  }

  /** Content is freed when all who hold it let go of it, or nobody holds it now. */
  private GcReport freed(GcReport report) {
    GcReport result = report;
    for (Map.Entry<Digest, Integer> entry : letGo.entrySet()) {
      int leaving = entry.getValue();
      if (contents.holders(entry.getKey(), leaving + 1).size() <= leaving) {
        result = result.plusFreed(1, sizes.get(entry.getKey()));
      }
    }
    String cursor = "";
    do {
      GarbagePage page = contents.unheld(cursor, ROWS);
      result =
          result.plusFreed(
              page.contents().size(), page.contents().stream().mapToLong(BlobRecord::size).sum());
      cursor = page.cursor();
    } while (!cursor.isEmpty());
    return result;
  }
}
