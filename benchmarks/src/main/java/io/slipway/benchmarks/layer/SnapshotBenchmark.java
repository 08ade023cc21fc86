package io.slipway.benchmarks.layer;

import io.slipway.image.content.Leases;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.LayerWriter;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.snapshot.Lifetime;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.OverlaySnapshotter;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a snapshot costs beside the work done in it: {@code SnapshotBenchmark WORK-DIRECTORY [STEPS
 * [FILES]]}. A chain of steps that each write one file; then one step with many files, its commit
 * and its comparison with what is below.
 */
public final class SnapshotBenchmark {
  private static final int DEFAULT_STEPS = 100;
  private static final int DEFAULT_FILES = 20_000;

  private final OverlaySnapshotter snapshots;

  private SnapshotBenchmark(OverlaySnapshotter snapshots) {
    this.snapshots = snapshots;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 1) {
      System.err.println("usage: SnapshotBenchmark WORK-DIRECTORY [STEPS [FILES]]");
      System.exit(2);
    }
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : DEFAULT_STEPS;
    int files = args.length > 2 ? Integer.parseInt(args[2]) : DEFAULT_FILES;
    Path work = Files.createTempDirectory(Path.of(args[0]), "snapshot-benchmark");
    try (OverlaySnapshotter snapshots = OverlaySnapshotter.open(work, new Leases())) {
      SnapshotBenchmark benchmark = new SnapshotBenchmark(snapshots);
      benchmark.chain("warm-up", steps);
      Optional<SnapshotKey> top = benchmark.chain("chain", steps);
      benchmark.manyFiles(top, files);
    } finally {
      try (Dir parent = Dir.open(work.getParent())) {
        parent.remove(work.getFileName().toString());
      }
    }
  }

  private Optional<SnapshotKey> chain(String name, int steps) throws Exception {
    Optional<SnapshotKey> parent = Optional.empty();
    long[] nanos = new long[steps];
    for (int i = 0; i < steps; i++) {
      long start = System.nanoTime();
      Snapshot.Active active =
          snapshots.prepare(new SnapshotKey("active/" + name + i), parent, Lifetime.OPERATION);
      try (MountedView view = snapshots.view(active)) {
        Files.writeString(view.root().resolve("file" + i), "content");
      }
      parent = Optional.of(snapshots.commit(active, new SnapshotKey(name + "/" + i)).key());
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%s of %d steps: prepare, mount, write one file, unmount, commit: median %.2f ms, 90%% %.2f"
            + " ms%n",
        name,
        steps,
        nanos[steps / 2] / 1e6,
        nanos[steps * 9 / 10] / 1e6);
    return parent;
  }

  private void manyFiles(Optional<SnapshotKey> parent, int files) throws Exception {
    Snapshot.Active active = snapshots.prepare(new SnapshotKey("many"), parent, Lifetime.OPERATION);
    try (MountedView view = snapshots.view(active)) {
      for (int i = 0; i < files; i++) {
        Path directory = view.root().resolve("d" + i / 100);
        if (i % 100 == 0) {
          Files.createDirectory(directory);
        }
        Files.writeString(directory.resolve("f" + i), "x".repeat(1000));
      }
    }
    long start = System.nanoTime();
    Snapshot.Committed committed = snapshots.commit(active, new SnapshotKey("many/done"));
    long afterCommit = System.nanoTime();
    try (MountedView below = snapshots.view(snapshots.find(parent.orElseThrow()).orElseThrow())) {
      new LayerWriter(WriterOptions.PLAIN)
          .write(committed.changes(), Optional.of(below.root()), OutputStream.nullOutputStream());
    }
    System.out.printf(
        Locale.ROOT,
        "%d new files: commit %.0f ms, write as a layer %.0f ms%n",
        files,
        (afterCommit - start) / 1e6,
        (System.nanoTime() - afterCommit) / 1e6);
  }
}
