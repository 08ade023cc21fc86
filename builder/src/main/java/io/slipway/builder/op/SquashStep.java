package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.Op;
import io.slipway.builder.solver.Result;
import io.slipway.runtime.layer.LayerStack;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes one layer of several. Files get another name each, so nothing is copied. */
final class SquashStep {
  private final StepSnapshots snapshots;

  SquashStep(StepSnapshots snapshots) {
    this.snapshots = snapshots;
  }

  Result run(Op.Squash squash, List<Result> inputs, CacheKey key)
      throws IOException, InterruptedException {
    List<Snapshot> layers = snapshots.layers((Result.Tree) inputs.getFirst());
    List<Path> changes =
        layers.subList(squash.keep(), layers.size()).stream().map(Snapshot::changes).toList();
    Optional<Snapshot> below =
        squash.keep() == 0 ? Optional.empty() : Optional.of(layers.get(squash.keep() - 1));
    Optional<SnapshotKey> parent = below.map(Snapshot::key);
    return snapshots.fill(key, parent, target -> stack(changes, below, target));
  }

  private void stack(List<Path> changes, Optional<Snapshot> below, Path target) throws IOException {
    if (below.isEmpty()) {
      LayerStack.stack(changes, Optional.empty(), target);
      return;
    }
    try (MountedView view = snapshots.view(below.get())) {
      LayerStack.stack(changes, Optional.of(view.root()), target);
    }
  }
}
