package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.solver.Result;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.util.List;

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
    return snapshots.fill(
        key,
        StepRunner.parent(inputs),
        changes -> {
          for (Result input : inputs.subList(1, inputs.size())) {
            try (Dir from = Dir.open(snapshots.changes((Result.Tree) input));
                Dir to = Dir.open(changes)) {
              link(from, to);
            }
          }
        });
  }

  private static void link(Dir from, Dir to) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new SlipwayException(
          io.slipway.image.error.ErrorKind.CANCELLED, "merging was given up");
    }
    for (String name : from.names()) {
      FileStatus status = from.status(name).orElseThrow();
      if (!status.isDirectory()) {
        to.remove(name);
        to.makeHardLink(name, from, name);
        continue;
      }
      if (to.status(name).filter(there -> !there.isDirectory()).isPresent()) {
        to.remove(name);
      }
      if (to.status(name).isEmpty()) {
        to.makeDirectory(name);
      }
      try (Dir below = from.directory(name);
          Dir made = to.directory(name)) {
        link(below, made);
        made.apply(Metadata.of(below.status(), below.xattrs()));
      }
    }
  }
}
