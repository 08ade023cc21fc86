package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.ArchiveLimits;
import io.slipway.builder.context.SourceMatches;
import io.slipway.builder.context.SourceTree;
import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.op.files.CopyTarget;
import io.slipway.builder.op.files.FileActionRunner;
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
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** May take over the tree of a failed command; what it leaves is removed. */
  @FunctionalInterface
  interface Rescue {
    /** Nothing is kept. */
    Rescue NONE = (active, failure) -> failure;

    /** The failure, which names what was kept, if anything was. */
    StepFailedException keep(Snapshot.Active active, StepFailedException failure);
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
  record WritableTree(CopyTarget target, Fd mount) {
    Tree tree() {
      return target.tree();
    }
  }

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
    return make(key, parent, change, Rescue.NONE);
  }

  /**
   * As {@link #make(CacheKey, Optional, Change)}; a failed command's tree is offered to another.
   */
  Result make(CacheKey key, Optional<SnapshotKey> parent, Change change, Rescue rescue)
      throws IOException, InterruptedException {
    return commit(key, parent, active -> apply(active, change), rescue);
  }

  /** As {@link #make}, by putting together the layer itself, in overlayfs' own form. */
  Result fill(CacheKey key, Optional<SnapshotKey> parent, Filling filling)
      throws IOException, InterruptedException {
    return commit(key, parent, active -> filling.fill(active.changes()), Rescue.NONE);
  }

  /** What a committed tree adds to the one below it. */
  Path changes(Result.Tree tree) {
    return find(tree.snapshot().orElseThrow()).changes();
  }

  /** The snapshots of a tree, the one on nothing first. */
  List<Snapshot> layers(Result.Tree tree) {
    var layers = new ArrayList<Snapshot>();
    Optional<SnapshotKey> at = tree.snapshot();
    while (at.isPresent()) {
      layers.addFirst(find(at.get()));
      at = layers.getFirst().parent();
    }
    return layers;
  }

  /** The root of a tree for reading, as long as the view is open. */
  MountedView view(Snapshot snapshot) throws IOException {
    return snapshotter.view(snapshot);
  }

  private Result commit(CacheKey key, Optional<SnapshotKey> parent, Work work, Rescue rescue)
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
    } catch (StepFailedException e) {
      throw rescue.keep(active, e);
    } finally {
      if (!done) {
        // of no effect if it was kept: that freed its name
        snapshotter.remove(active.key());
      }
    }
  }

  private void apply(Snapshot.Active active, Change change)
      throws IOException, InterruptedException {
    try (MountedView view = snapshotter.view(active);
        Tree tree = Tree.open(view.root());
        Tree changes = Tree.open(active.changes())) {
      change.apply(new WritableTree(new CopyTarget(tree, changes), view.mount()));
    }
  }

  /** Keeps files of a context as a committed tree. */
  void copy(Result.Context context, List<String> paths, SnapshotKey name)
      throws IOException, InterruptedException {
    Snapshot.Active active = prepare(Optional.empty());
    try {
      apply(
          active,
          tree -> {
            for (String path : paths) {
              copy(context, path, tree.target());
            }
          });
      snapshotter.commit(active, name);
    } finally {
      // of no effect after the commit, which frees the name
      snapshotter.remove(active.key());
    }
  }

  /** Copies a file or directory of a context to its own path in a tree. */
  static void copy(Result.Context context, String path, CopyTarget target)
      throws IOException, InterruptedException {
    SourceTree files = context.context().files();
    boolean directory = SourceMatches.find(files, path, false).getFirst().status().isDirectory();
    String destination = directory ? path : path.substring(0, path.lastIndexOf('/') + 1);
    var action =
        new FileAction.Copy(
            1, path, false, destination, Optional.empty(), Optional.empty(), false, List.of());
    new FileActionRunner(Clock.systemUTC(), ArchiveLimits.DEFAULTS)
        .run(new FileActions(List.of(action)), target, Map.of(1, files), Optional.empty());
  }

  /** An empty tree on a committed one, which cannot be removed as long as this is there. */
  void hold(SnapshotKey below, SnapshotKey name) throws IOException {
    Snapshot.Active active = prepare(Optional.of(below));
    try {
      snapshotter.commit(active, name);
    } finally {
      snapshotter.remove(active.key());
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
