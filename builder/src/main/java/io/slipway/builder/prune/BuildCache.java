package io.slipway.builder.prune;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.cache.SqliteCacheIndex;
import io.slipway.builder.op.FailedStep;
import io.slipway.builder.op.FailedSteps;
import io.slipway.builder.remote.KeptRemote;
import io.slipway.builder.remote.Remotes;
import io.slipway.image.catalog.ImageCatalog;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Leases;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** The build cache of a daemon as a whole. Safe for threads; one prune at a time. */
public final class BuildCache {
  /** Unpacked layers may be there a moment before the image that has them. */
  private static final Duration FRESH = Duration.ofMinutes(1);

  private final Snapshotter snapshots;
  private final Supplier<List<Snapshot>> all;
  private final SqliteCacheIndex index;
  private final CacheFolders folders;
  private final Leases leases;
  private final ImageChains images;
  private final ReentrantLock one = new ReentrantLock();

  /**
   * @param all every snapshot there is
   * @param catalog of the images whose layers stay
   * @param blobs holds the images' configs
   */
  public BuildCache(
      Snapshotter snapshots,
      Supplier<List<Snapshot>> all,
      SqliteCacheIndex index,
      CacheFolders folders,
      Leases leases,
      ImageCatalog catalog,
      BlobStore blobs) {
    this.snapshots = snapshots;
    this.all = all;
    this.index = index;
    this.folders = folders;
    this.leases = leases;
    this.images = new ImageChains(catalog, blobs);
  }

  /** What a prune removed. */
  public record Pruned(List<String> ids, long bytes) {
    public Pruned {
      ids = List.copyOf(ids);
    }
  }

  /** Everything there is, what was used last first. */
  public List<CachedItem> list() throws IOException {
    return rows().stream()
        .map(CacheRow::item)
        .sorted(Comparator.comparing(CachedItem::lastUsed).reversed())
        .toList();
  }

  /** Bytes of everything that no image stands on. */
  public long ownBytes() throws IOException {
    return own(rows());
  }

  /** Removes what is asked for, what was not of use for longest first. */
  public Pruned prune(PruneRequest request) throws IOException {
    one.lock();
    try {
      List<CacheRow> rows = rows();
      long total = own(rows);
      long target = request.target(total, folders.steps().freeBytes());
      var ids = new ArrayList<String>();
      long bytes = 0;
      for (CacheRow row : CacheRow.oldestFirst(rows)) {
        CachedItem item = row.item();
        if (total - bytes <= target && target > 0) {
          break;
        }
        if (!item.inUse() && !item.shared() && request.accepts(item) && remove(row)) {
          ids.add(item.id());
          bytes += item.bytes();
        }
      }
      return new Pruned(ids, bytes + (ids.isEmpty() ? 0 : removeUnusedBases()));
    } finally {
      one.unlock();
    }
  }

  private List<CacheRow> rows() throws IOException {
    List<FailedUse> failed = new ArrayList<>();
    FailedSteps failures = folders.failures();
    for (FailedStep step : failures.list()) {
      failed.add(new FailedUse(step, failures.bytes(step), failures.lastUsed(step)));
    }
    return new CacheSurvey(all.get(), index.uses(), failed, leases, images.now())
        .rows(folders.steps().cacheMounts(), folders.remotes().list(), folders.contexts().kept());
  }

  private static long own(List<CacheRow> rows) {
    return rows.stream()
        .map(CacheRow::item)
        .filter(item -> !item.shared())
        .mapToLong(CachedItem::bytes)
        .sum();
  }

  /** False if somebody began to use it meanwhile, or stands on it. */
  private boolean remove(CacheRow row) throws IOException {
    return switch (row.place()) {
      case CacheRow.Mount mount -> folders.steps().removeCacheMount(mount.name());
      case CacheRow.Remote remote -> remove(remote.kept());
      case CacheRow.Failure failure -> folders.failures().remove(failure.step());
      case CacheRow.Context context -> folders.contexts().remove(context.kept());
      case CacheRow.Step step -> {
        boolean[] removed = new boolean[1];
        leases.removeUnlessPinned(
            step.key().digest(), () -> removed[0] = remove(step.snapshot(), step.key()));
        yield removed[0];
      }
    };
  }

  private boolean remove(KeptRemote kept) throws IOException {
    Remotes remotes = folders.remotes();
    if (kept.content().isEmpty()) {
      return remotes.remove(kept);
    }
    boolean[] removed = new boolean[1];
    leases.removeUnlessPinned(kept.content().get(), () -> removed[0] = remotes.remove(kept));
    return removed[0];
  }

  private boolean remove(Snapshot.Committed snapshot, CacheKey key) throws IOException {
    if (!removeUnlessOfImage(snapshot.key())) {
      return false;
    }
    index.forget(key);
    return true;
  }

  /** An image may have been made of it since the survey; it is in the catalog then. */
  private boolean removeUnlessOfImage(SnapshotKey key) throws IOException {
    if (!(snapshots.find(key).orElse(null) instanceof Snapshot.Committed now)
        || now.identity().isPresent() && images.now().contains(now.identity().get().chainId())) {
      return false;
    }
    try {
      return snapshots.remove(key);
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /** Unpacked layers of images that are gone: only steps stood on them. */
  private long removeUnusedBases() throws IOException {
    long bytes = 0;
    List<Snapshot.Committed> bases = CacheSurvey.bases(all.get());
    for (Snapshot.Committed base : bases) {
      boolean settled = base.created().isBefore(Instant.now().minus(FRESH));
      if (settled && removeUnlessOfImage(base.key())) {
        bytes += base.usage().bytes();
      }
    }
    return bytes;
  }
}
