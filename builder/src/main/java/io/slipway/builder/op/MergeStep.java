package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.solver.Result;
import io.slipway.runtime.layer.LayerStack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One layer over a tree it was not made on. The layer's files get another name each in the new
 * snapshot, so nothing is copied; overlayfs does the rest: a directory joins the one below it,
 * anything else hides what is there.
 */
final class MergeStep {
  private final StepSnapshots snapshots;

  MergeStep(StepSnapshots snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * @param inputs the tree, then the layers that come over it, each of one snapshot on nothing
   */
  Result run(List<Result> inputs, CacheKey key) throws IOException, InterruptedException {
    List<Path> layers =
        inputs.subList(1, inputs.size()).stream()
            .map(input -> snapshots.changes((Result.Tree) input))
            .toList();
    return snapshots.fill(
        key,
        StepRunner.parent(inputs),
        target -> LayerStack.stack(layers, Optional.empty(), target));
  }
}
