package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.solver.Result;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.snapshot.Lifetime;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The trees of steps: a committed snapshot {@code step/KEY} for each result; {@code step/KEY.t} for
 * one that was made under a {@link TimeLimit}.
 */
final class StepSnapshots {
  private static final String ACTIVE = "build/";

  private final Snapshotter snapshotter;
  private final Optional<TimeLimit> limit;

  StepSnapshots(Snapshotter snapshotter, Optional<TimeLimit> limit) {
    this.snapshotter = snapshotter;
    this.limit = limit;
  }

  /** Changes a tree. */
  @FunctionalInterface
  interface Change {
    void apply(WritableTree tree) throws IOException, InterruptedException;
  }

  /** Puts files into the directory of a layer. */
  @FunctionalInterface
  interface Filling {
    void fill(Path changes) throws IOException, InterruptedException;
  }

  @FunctionalInterface
  private interface Work {
    void on(Snapshot.Active active) throws IOException, InterruptedException;
  }

  /**
   * A mounted tree to be changed.
   *
   * @param mount its root, for a container or the {@code *at} calls
   */
  record WritableTree(Tree tree, Fd mount) {}

  Optional<Result> find(CacheKey key) {
    return ResultNames.of(key).stream()
        .filter(name -> limit.isEmpty() || !limit.get().demanded() || ResultNames.isLimited(name))
        .filter(name -> snapshotter.find(name).orElse(null) instanceof Snapshot.Committed)
        .findFirst()
        .map(name -> new Result.Tree(Optional.of(name)));
  }

  /** Makes the result of a key: the parent's tree with a change; nothing stays of a failed one. */
  Result make(CacheKey key, Optional<SnapshotKey> parent, Change change)
      throws IOException, InterruptedException {
    return commit(key, parent, active -> apply(active, change));
  }

  /** As {@link #make}, by putting together the layer itself, in overlayfs' own form. */
  Result fill(CacheKey key, Optional<SnapshotKey> parent, Filling filling)
      throws IOException, InterruptedException {
    return commit(key, parent, active -> filling.fill(active.changes()));
  }

  /** What a committed tree adds to the one below it. */
  Path changes(Result.Tree tree) {
    return find(tree.snapshot().orElseThrow()).changes();
  }

  private Result commit(CacheKey key, Optional<SnapshotKey> parent, Work work)
      throws IOException, InterruptedException {
    Snapshot.Active active = prepare(parent);
    boolean done = false;
    try {
      work.on(active);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (limit.isPresent()) {
        limit.get().apply(active.changes());
      }
      SnapshotKey name = snapshotter.commit(active, ResultNames.of(key, limit.isPresent())).key();
      done = true;
      return new Result.Tree(Optional.of(name));
    } finally {
      if (!done) {
        snapshotter.remove(active.key());
      }
    }
  }

  private void apply(Snapshot.Active active, Change change)
      throws IOException, InterruptedException {
    try (MountedView view = snapshotter.view(active);
        Tree tree = Tree.open(view.root())) {
      change.apply(new WritableTree(tree, view.mount()));
    }
  }

  /** A tree that is thrown away after use. */
  Mounted scratch(Optional<SnapshotKey> parent) throws IOException {
    Snapshot.Active active = prepare(parent);
    try {
      MountedView view = snapshotter.view(active);
      return new Mounted(view, Tree.open(view.root()), () -> snapshotter.remove(active.key()));
    } catch (IOException | RuntimeException e) {
      snapshotter.remove(active.key());
      throw e;
    }
  }

  /** A committed tree, or nothing for the empty one, mounted for reading. */
  Mounted reading(Result.Tree tree) throws IOException {
    if (tree.snapshot().isEmpty()) {
      return scratch(Optional.empty());
    }
    MountedView view = snapshotter.view(find(tree.snapshot().get()));
    try {
      return new Mounted(view, Tree.open(view.root()), () -> true);
    } catch (IOException | RuntimeException e) {
      view.close();
      throw e;
    }
  }

  private Snapshot find(SnapshotKey key) {
    return snapshotter
        .find(key)
        .orElseThrow(() ->
            new SlipwayException(ErrorKind.INTERNAL, "snapshot " + key + " is gone: build again"));
  }

  private Snapshot.Active prepare(Optional<SnapshotKey> parent) throws IOException {
    var key = new SnapshotKey(ACTIVE + UUID.randomUUID());
    return snapshotter.prepare(key, parent, Lifetime.OPERATION);
  }

  /** A mounted tree until it is closed. */
  record Mounted(MountedView view, Tree tree, Removal removal) implements AutoCloseable {
    @FunctionalInterface
    interface Removal {
      boolean remove() throws IOException;
    }

    @Override
    public void close() throws IOException {
      tree.close();
      view.close();
      removal.remove();
    }
  }
}
