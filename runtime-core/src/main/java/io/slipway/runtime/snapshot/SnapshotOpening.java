package io.slipway.runtime.snapshot;

import io.slipway.runtime.layer.Dir;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Reads the snapshot directory when it is opened and decides what of it can be used. What cannot is
 * renamed at once, so that a second crash finds it again, and deleted later.
 */
final class SnapshotOpening {
  private final SnapshotLayout layout;
  private final Settling settling;
  private final SnapshotIndex index = new SnapshotIndex();
  private final Map<Long, SnapshotRecord.Committed> committed = new TreeMap<>();
  private final Map<Long, SnapshotRecord.Active> actives = new TreeMap<>();
  private final Map<Long, Optional<SnapshotIndex.Entry>> placed = new HashMap<>();
  private final List<Path> leftovers = new ArrayList<>();
  private final List<SnapshotKey> unsynced = new ArrayList<>();
  private final List<SnapshotKey> broken = new ArrayList<>();
  private int unfinished;
  private long lastNumber;

  private SnapshotOpening(SnapshotLayout layout, Settling settling) {
    this.layout = layout;
    this.settling = settling;
  }

  static SnapshotOpening read(SnapshotLayout layout, Settling settling) throws IOException {
    SnapshotOpening opening = new SnapshotOpening(layout, settling);
    opening.scan();
    for (long number : opening.committed.keySet()) {
      opening.place(number);
    }
    for (Map.Entry<Long, SnapshotRecord.Active> active : opening.actives.entrySet()) {
      opening.placeActive(active.getKey(), active.getValue());
    }
    return opening;
  }

  SnapshotIndex index() {
    return index;
  }

  /** Directories nobody can see any more, to be deleted. */
  List<Path> leftovers() {
    return leftovers;
  }

  long lastNumber() {
    return lastNumber;
  }

  Recovery recovery() {
    return new Recovery(unfinished, unsynced, broken);
  }

  private void scan() throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(layout.root())) {
      all.forEach(found::add);
    }
    for (Path directory : found) {
      lastNumber = Math.max(lastNumber, SnapshotLayout.usedNumber(directory).orElse(0));
      OptionalLong number = SnapshotLayout.number(directory);
      if (number.isPresent()) {
        read(number.getAsLong());
      } else if (directory.getFileName().toString().startsWith(SnapshotLayout.REMOVED)) {
        unfinished++;
        leftovers.add(directory);
      }
    }
  }

  private void read(long number) throws IOException {
    Optional<SnapshotRecord.Committed> done =
        SnapshotRecord.Committed.read(layout.committed(number));
    if (done.isPresent()) {
      committed.put(number, done.get());
      settling.seen(done.get().sequence());
      return;
    }
    Optional<SnapshotRecord.Active> active = SnapshotRecord.Active.read(layout.active(number));
    if (active.isPresent()) {
      actives.put(number, active.get());
    } else if (Files.exists(layout.active(number))) {
      // A container's record that a power failure cut off: its files may be all there is.
      broken.add(new SnapshotKey("unknown/" + number));
      Files.move(layout.snapshot(number), layout.broken(number));
    } else {
      unfinished++;
      discard(number);
    }
  }

  /** The entry of a committed snapshot, its parents placed first; empty if it cannot be used. */
  private Optional<SnapshotIndex.Entry> place(long number) throws IOException {
    Optional<SnapshotIndex.Entry> known = placed.get(number);
    if (known != null) {
      return known;
    }
    SnapshotRecord.Committed record = committed.get(number);
    if (record == null) {
      return Optional.empty();
    }
    // A damaged record that names itself as an ancestor finds itself unusable here.
    placed.put(number, Optional.empty());
    Optional<SnapshotIndex.Entry> parent = parent(record.parent());
    if (!settling.isTrusted(record) || record.parent().isPresent() && parent.isEmpty()) {
      unsynced.add(record.key());
      discard(number);
      return Optional.empty();
    }
    removeWork(number);
    var snapshot =
        OverlaySnapshotter.committed(
            layout,
            number,
            record.key(),
            parent,
            SnapshotRecord.readIdentity(layout.layer(number)),
            record.usage(),
            record.created());
    return publish(number, new SnapshotIndex.Entry(number, snapshot));
  }

  private void placeActive(long number, SnapshotRecord.Active record) throws IOException {
    Optional<SnapshotIndex.Entry> parent = parent(record.parent());
    if (record.parent().isPresent() && parent.isEmpty()) {
      broken.add(record.key());
      Files.move(layout.snapshot(number), layout.broken(number));
      return;
    }
    var snapshot =
        OverlaySnapshotter.active(layout, number, record.key(), parent, Lifetime.CONTAINER);
    publish(number, new SnapshotIndex.Entry(number, snapshot));
  }

  private Optional<SnapshotIndex.Entry> publish(long number, SnapshotIndex.Entry entry) {
    entry.snapshot().parent().ifPresent(index::retainParent);
    index.publish(entry);
    placed.put(number, Optional.of(entry));
    return Optional.of(entry);
  }

  private Optional<SnapshotIndex.Entry> parent(OptionalLong number) throws IOException {
    return number.isPresent() ? place(number.getAsLong()) : Optional.empty();
  }

  private void removeWork(long number) throws IOException {
    try (Dir snapshot = Dir.open(layout.snapshot(number))) {
      snapshot.remove(layout.work(number).getFileName().toString());
    }
  }

  private void discard(long number) throws IOException {
    Files.move(layout.snapshot(number), layout.removed(number));
    leftovers.add(layout.removed(number));
  }
}
