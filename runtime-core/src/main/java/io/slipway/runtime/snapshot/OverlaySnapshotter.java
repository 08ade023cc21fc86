package io.slipway.runtime.snapshot;

import io.slipway.image.content.Leases;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.ChainId;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OverlayMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Snapshots as directories under one root, stacked by overlayfs:
 *
 * <pre>
 * snapshots/
 *   empty/             the lower directory of a snapshot without a parent
 *   settled.json       up to which commit everything is on disk
 *   17/                one directory for each snapshot, numbered (short paths for mount options)
 *     fs/              its changes in overlay format
 *     work/            overlayfs' own, while active
 *     active.json      key and parent of a container's snapshot
 *     committed.json   key, parent, usage; its presence makes it committed
 *     layer.json       DiffID and ChainID, once known
 *   removed-17/        on the way out
 *   broken-17/         a container's files whose parent was lost
 * </pre>
 *
 * <p>One process may have it open at a time; the daemon's lock on the data root sees to that.
 */
public final class OverlaySnapshotter implements Snapshotter, AutoCloseable {
  private final SnapshotLayout layout;
  private final Leases leases;
  private final SnapshotIndex index;
  private final Settling settling;
  private final Recovery recovery;
  private final Housekeeper housekeeper;
  private final AtomicLong lastNumber;

  private OverlaySnapshotter(
      SnapshotLayout layout, Leases leases, Settling settling, SnapshotOpening opened)
      throws IOException {
    this.layout = layout;
    this.leases = leases;
    this.settling = settling;
    this.index = opened.index();
    this.recovery = opened.recovery();
    this.lastNumber = new AtomicLong(opened.lastNumber());
    this.housekeeper = new Housekeeper(layout.root(), settling);
    for (Path leftover : opened.leftovers()) {
      housekeeper.delete(leftover);
    }
  }

  /**
   * Opens or makes the snapshots under {@code root}; what a killed daemon left half made is
   * removed.
   *
   * @param leases whose pinned chains are not removed
   */
  public static OverlaySnapshotter open(Path root, Leases leases) throws IOException {
    SnapshotLayout layout = new SnapshotLayout(root.toAbsolutePath());
    Files.createDirectories(layout.empty());
    Settling settling = Settling.open(layout);
    return new OverlaySnapshotter(layout, leases, settling, SnapshotOpening.read(layout, settling));
  }

  /** What {@link #open} had to clean up. */
  public Recovery recovery() {
    return recovery;
  }

  /** All snapshots there are, for garbage collection and disk usage. */
  public List<Snapshot> list() {
    return index.list();
  }

  @Override
  public Snapshot.Active prepare(SnapshotKey key, Optional<SnapshotKey> parent, Lifetime lifetime)
      throws IOException {
    index.reserveFree(key);
    try {
      Optional<SnapshotIndex.Entry> below = parent.map(index::retainParent);
      long number = lastNumber.incrementAndGet();
      try {
        Snapshot.Active active = active(layout, number, key, below, lifetime);
        makeDirectories(number, below);
        if (lifetime == Lifetime.CONTAINER) {
          OptionalLong parentNumber = numberOf(below);
          new SnapshotRecord.Active(key, parentNumber).write(layout.active(number));
        }
        index.publish(new SnapshotIndex.Entry(number, active));
        return active;
      } catch (IOException | RuntimeException e) {
        parent.ifPresent(index::releaseParent);
        housekeeper.delete(layout.snapshot(number));
        throw e;
      }
    } finally {
      index.release(key);
    }
  }

  @Override
  public MountedView view(Snapshot snapshot) throws IOException {
    Optional<OverlayMount.Writable> writable = snapshot.overlay().writable();
    if (writable.isPresent() && writable.get().skipSync()) {
      clearVolatileMark(writable.get().work());
    }
    return new OverlayView(snapshot.overlay().mount());
  }

  @Override
  public Snapshot.Committed commit(Snapshot.Active active, SnapshotKey name) throws IOException {
    SnapshotIndex.Entry entry = current(active);
    Optional<Snapshot.Committed> there = reserveName(name);
    if (there.isPresent()) {
      remove(active.key());
      return there.get();
    }
    try {
      long number = entry.number();
      Snapshot.Committed committed = writeCommitted(number, active, name);
      index.drop(active.key());
      index.publish(new SnapshotIndex.Entry(number, committed));
      housekeeper.settleSoon();
      return committed;
    } finally {
      index.release(name);
    }
  }

  @Override
  public Snapshot.Committed identify(SnapshotKey key, LayerIdentity identity) throws IOException {
    while (true) {
      SnapshotIndex.Entry entry =
          index.find(key).orElseThrow(() -> SlipwayException.notFound("no snapshot " + key));
      if (!(entry.snapshot() instanceof Snapshot.Committed committed)) {
        throw new SlipwayException(ErrorKind.CONFLICT, "snapshot " + key + " is not committed");
      }
      if (committed.identity().equals(Optional.of(identity))) {
        return committed;
      }
      SnapshotRecord.writeIdentity(layout.layer(entry.number()), identity);
      Snapshot.Committed identified = committed.withIdentity(identity);
      // Somebody else may have identified or removed it meanwhile: then look again.
      if (index.replace(entry, new SnapshotIndex.Entry(entry.number(), identified))) {
        return identified;
      }
    }
  }

  @Override
  public Optional<Snapshot> find(SnapshotKey key) {
    return index.find(key).map(SnapshotIndex.Entry::snapshot);
  }

  @Override
  public Optional<Snapshot.Committed> find(ChainId chain) {
    return index.find(chain);
  }

  @Override
  public boolean remove(SnapshotKey key) throws IOException {
    Optional<SnapshotIndex.Entry> entry = index.reserveExisting(key);
    if (entry.isEmpty()) {
      return false;
    }
    try {
      Optional<LayerIdentity> identity =
          entry.get().snapshot() instanceof Snapshot.Committed committed
              ? committed.identity()
              : Optional.empty();
      if (identity.isEmpty()) {
        moveOut(entry.get());
      } else if (!leases.removeUnlessPinned(identity.get().chainId(), () -> moveOut(entry.get()))) {
        throw new SlipwayException(
            ErrorKind.CONFLICT, "snapshot " + key + " cannot be removed: it is in use");
      }
      return true;
    } finally {
      index.release(key);
    }
  }

  /** Waits for removals under way and makes what is committed safe against a power failure. */
  @Override
  public void close() throws IOException {
    housekeeper.close();
    settling.settle();
  }

  /** The root of the new tree must look as the parent's does: overlayfs shows the upper's. */
  private void makeDirectories(long number, Optional<SnapshotIndex.Entry> below)
      throws IOException {
    Files.createDirectory(layout.snapshot(number));
    Files.createDirectory(layout.work(number));
    Files.createDirectory(layout.files(number));
    if (below.isPresent()) {
      try (Dir from = Dir.open(below.get().snapshot().changes());
          Dir to = Dir.open(layout.files(number))) {
        to.apply(Metadata.of(from.status(), from.xattrs()));
      }
    }
  }

  private SnapshotIndex.Entry current(Snapshot.Active active) {
    return index
        .find(active.key())
        .filter(entry -> entry.snapshot().equals(active))
        .orElseThrow(() -> SlipwayException.notFound("no active snapshot " + active.key()));
  }

  private Optional<Snapshot.Committed> reserveName(SnapshotKey name) {
    try {
      return index.reserveName(name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "commit of snapshot " + name, e);
    }
  }

  private Snapshot.Committed writeCommitted(long number, Snapshot.Active active, SnapshotKey name)
      throws IOException {
    Usage usage = UsageMeter.measure(active.changes());
    Optional<SnapshotIndex.Entry> parent = active.parent().flatMap(index::find);
    Instant created = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    long sequence = settling.begin();
    try {
      new SnapshotRecord.Committed(
              name, numberOf(parent), sequence, settling.boot(), usage, created)
          .write(layout.committed(number));
    } finally {
      settling.end(sequence);
    }
    Files.deleteIfExists(layout.active(number));
    housekeeper.delete(layout.work(number));
    return committed(layout, number, name, parent, Optional.empty(), usage, created);
  }

  static Snapshot.Active active(
      SnapshotLayout layout,
      long number,
      SnapshotKey key,
      Optional<SnapshotIndex.Entry> parent,
      Lifetime lifetime) {
    var writable =
        new OverlayMount.Writable(
            layout.files(number), layout.work(number), lifetime == Lifetime.OPERATION);
    var overlay = new OverlayMount(lowersOn(layout, parent), Optional.of(writable));
    return new Snapshot.Active(key, parent.map(SnapshotIndex.Entry::key), overlay, lifetime);
  }

  static Snapshot.Committed committed(
      SnapshotLayout layout,
      long number,
      SnapshotKey key,
      Optional<SnapshotIndex.Entry> parent,
      Optional<LayerIdentity> identity,
      Usage usage,
      Instant created) {
    List<Path> lowers = new ArrayList<>();
    lowers.add(layout.files(number));
    lowers.addAll(lowersOn(layout, parent));
    return new Snapshot.Committed(
        key,
        parent.map(SnapshotIndex.Entry::key),
        new OverlayMount(lowers, Optional.empty()),
        layout.files(number),
        identity,
        usage,
        created);
  }

  /** The empty directory is always the last: with one lower overlayfs would show whiteouts. */
  private static List<Path> lowersOn(SnapshotLayout layout, Optional<SnapshotIndex.Entry> parent) {
    return parent.map(e -> e.snapshot().overlay().lowers()).orElse(List.of(layout.empty()));
  }

  static OptionalLong numberOf(Optional<SnapshotIndex.Entry> entry) {
    return entry.map(e -> OptionalLong.of(e.number())).orElse(OptionalLong.empty());
  }

  private void moveOut(SnapshotIndex.Entry entry) throws IOException {
    Path gone = layout.removed(entry.number());
    Files.move(layout.snapshot(entry.number()), gone);
    index.drop(entry.key());
    entry.snapshot().parent().ifPresent(index::releaseParent);
    housekeeper.delete(gone);
  }

  /** A second {@code volatile} mount is refused while the mark of the first is there. */
  private static void clearVolatileMark(Path work) throws IOException {
    try (Dir dir = Dir.open(work.resolve("work"))) {
      dir.remove("incompat");
    } catch (LinuxException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }
}
