package io.slipway.builder.prune;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.cache.StepUse;
import io.slipway.builder.context.KeptContext;
import io.slipway.builder.op.CacheMountInfo;
import io.slipway.builder.op.FailedStep;
import io.slipway.builder.op.ResultNames;
import io.slipway.builder.remote.KeptRemote;
import io.slipway.image.content.Leases;
import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Puts together what is known of snapshots, their uses and who stands on them. */
final class CacheSurvey {
  private static final int ID = 25;
  private static final String BASE = "chain/";

  private final Map<SnapshotKey, Snapshot> all;
  private final Map<CacheKey, StepUse> uses;
  private final List<FailedUse> failed;
  private final Map<SnapshotKey, Instant> used = new HashMap<>();
  private final Set<Digest> pinned;
  private final Set<SnapshotKey> shared;
  private final Set<SnapshotKey> busy;

  CacheSurvey(
      List<Snapshot> snapshots,
      Map<CacheKey, StepUse> uses,
      List<FailedUse> failed,
      Leases leases,
      Set<ChainId> images) {
    this.all = byKey(snapshots);
    this.uses = uses;
    this.failed = failed;
    this.pinned = leases.pinnedBlobs();
    this.shared =
        withParents(snapshot ->
            snapshot instanceof Snapshot.Committed committed
                && committed.identity().filter(i -> images.contains(i.chainId())).isPresent());
    this.busy =
        withParents(snapshot ->
            snapshot instanceof Snapshot.Active
                || step(snapshot).filter(key -> pinned.contains(key.digest())).isPresent());
    all.values().forEach(this::spreadUse);
    for (FailedUse failure : failed) {
      for (SnapshotKey own : failure.step().snapshots()) {
        Optional.ofNullable(all.get(own)).ifPresent(snapshot -> spread(snapshot, failure.used()));
      }
    }
  }

  private static Map<SnapshotKey, Snapshot> byKey(Collection<Snapshot> snapshots) {
    var map = new HashMap<SnapshotKey, Snapshot>();
    snapshots.forEach(snapshot -> map.put(snapshot.key(), snapshot));
    return map;
  }

  /** Unpacked layers, each before the one it stands on. */
  static List<Snapshot.Committed> bases(List<Snapshot> snapshots) {
    Map<SnapshotKey, Snapshot> all = byKey(snapshots);
    return snapshots.stream()
        .filter(snapshot -> snapshot.key().value().startsWith(BASE))
        .filter(Snapshot.Committed.class::isInstance)
        .map(Snapshot.Committed.class::cast)
        .sorted(Comparator.comparing(snapshot -> -depth(snapshot, all)))
        .toList();
  }

  /** Empty for what is no step's result. */
  private static Optional<CacheKey> step(Snapshot snapshot) {
    return ResultNames.key(snapshot.key());
  }

  private Set<SnapshotKey> withParents(Predicate<Snapshot> first) {
    var marked = new HashSet<SnapshotKey>();
    for (Snapshot snapshot : all.values()) {
      if (first.test(snapshot)) {
        Optional<Snapshot> at = Optional.of(snapshot);
        while (at.isPresent() && marked.add(at.get().key())) {
          at = at.get().parent().map(all::get);
        }
      }
    }
    return marked;
  }

  /** Who uses a result uses those below it. */
  private void spreadUse(Snapshot snapshot) {
    Optional<CacheKey> key = step(snapshot);
    if (key.isEmpty() || !(snapshot instanceof Snapshot.Committed committed)) {
      return;
    }
    StepUse use = uses.get(key.get());
    spread(snapshot, use == null ? committed.created() : use.used());
  }

  private void spread(Snapshot snapshot, Instant when) {
    Optional<Snapshot> at = Optional.of(snapshot);
    while (at.isPresent()) {
      Instant known = used.get(at.get().key());
      if (known != null && !known.isBefore(when)) {
        return;
      }
      used.put(at.get().key(), when);
      at = at.get().parent().map(all::get);
    }
  }

  List<CacheRow> rows(
      List<CacheMountInfo> mounts, List<KeptRemote> remotes, List<KeptContext> contexts) {
    var rows = new ArrayList<CacheRow>();
    for (Snapshot snapshot : all.values()) {
      Optional<CacheKey> key = step(snapshot);
      if (key.isPresent() && snapshot instanceof Snapshot.Committed committed) {
        rows.add(row(key.get(), committed));
      }
    }
    mounts.forEach(mount -> rows.add(row(mount)));
    remotes.forEach(remote -> rows.add(row(remote)));
    contexts.forEach(context -> rows.add(row(context)));
    failed.forEach(failure -> rows.add(row(failure)));
    return rows;
  }

  private CacheRow row(CacheKey key, Snapshot.Committed snapshot) {
    Optional<StepUse> use = Optional.ofNullable(uses.get(key));
    var item =
        new CachedItem(
            id(key),
            CachedItem.Type.STEP,
            snapshot.parent().map(all::get).flatMap(CacheSurvey::step).map(CacheSurvey::id),
            use.map(StepUse::name).orElse("step"),
            snapshot.usage().bytes(),
            snapshot.created(),
            used.get(snapshot.key()),
            use.map(StepUse::uses).orElse(0),
            busy.contains(snapshot.key()),
            shared.contains(snapshot.key()));
    return new CacheRow(item, new CacheRow.Step(key, snapshot), depth(snapshot, all));
  }

  private static CacheRow row(CacheMountInfo mount) {
    var item =
        new CachedItem(
            mount.name().substring(0, ID) + mount.suffix(),
            CachedItem.Type.CACHE_MOUNT,
            Optional.empty(),
            "cache mount " + mount.id(),
            mount.bytes(),
            mount.created(),
            mount.used(),
            0,
            mount.inUse(),
            false);
    return new CacheRow(item, new CacheRow.Mount(mount.name()), 0);
  }

  private static CacheRow row(KeptContext kept) {
    var item =
        new CachedItem(
            kept.name().substring(0, ID),
            CachedItem.Type.CONTEXT,
            Optional.empty(),
            "sent build context, " + kept.files() + " entries",
            kept.bytes(),
            kept.created(),
            kept.used(),
            kept.builds(),
            false,
            false);
    return new CacheRow(item, new CacheRow.Context(kept), 0);
  }

  private CacheRow row(KeptRemote kept) {
    boolean file = kept.kind() == KeptRemote.Kind.FILE;
    var item =
        new CachedItem(
            kept.name().substring(0, ID),
            file ? CachedItem.Type.DOWNLOAD : CachedItem.Type.GIT,
            Optional.empty(),
            (file ? "download of " : "git repository ") + kept.url(),
            kept.bytes(),
            kept.created(),
            kept.used(),
            0,
            kept.inUse() || kept.content().filter(pinned::contains).isPresent(),
            false);
    return new CacheRow(item, new CacheRow.Remote(kept), 0);
  }

  private CacheRow row(FailedUse failure) {
    FailedStep step = failure.step();
    Optional<Snapshot> tree = Optional.ofNullable(all.get(step.tree()));
    var item =
        new CachedItem(
            step.id(),
            CachedItem.Type.FAILED_STEP,
            tree.flatMap(Snapshot::parent)
                .map(all::get)
                .flatMap(CacheSurvey::step)
                .map(CacheSurvey::id),
            "failed step " + step.name(),
            failure.bytes(),
            step.created(),
            failure.used(),
            0,
            busy.contains(step.tree()),
            false);
    int depth = tree.map(snapshot -> depth(snapshot, all)).orElse(0);
    return new CacheRow(item, new CacheRow.Failure(step), depth);
  }

  private static String id(CacheKey key) {
    return key.digest().hex().substring(0, ID);
  }

  private static int depth(Snapshot snapshot, Map<SnapshotKey, Snapshot> all) {
    int depth = 0;
    Optional<Snapshot> at = snapshot.parent().map(all::get);
    while (at.isPresent()) {
      depth++;
      at = at.get().parent().map(all::get);
    }
    return depth;
  }
}
