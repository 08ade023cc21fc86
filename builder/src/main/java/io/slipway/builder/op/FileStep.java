package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.SourceTree;
import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.op.files.FileActionRunner;
import io.slipway.builder.op.files.FormerLayer;
import io.slipway.builder.solver.Result;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** COPY, ADD and WORKDIR: files put into a tree without running anything. */
final class FileStep {
  private final StepSnapshots snapshots;
  private final FileActionRunner actions;

  FileStep(StepSnapshots snapshots, FileActionRunner actions) {
    this.snapshots = snapshots;
    this.actions = actions;
  }

  Result run(FileActions files, List<Result> inputs, CacheKey key, Optional<FormerLayer> former)
      throws IOException, InterruptedException {
    return snapshots.make(
        key,
        StepRunner.parent(inputs),
        writable -> {
          try (var sources = new OpenSources(snapshots)) {
            Map<Integer, SourceTree> trees = new HashMap<>();
            for (ContentRead read : files.contentReads()) {
              if (!trees.containsKey(read.input())) {
                trees.put(read.input(), sources.of(inputs.get(read.input())));
              }
            }
            actions.run(files, writable.target(), trees, former);
          }
          checkUnchanged(files, inputs);
        });
  }

  /** The key says what was to be copied; what somebody changed meanwhile must not go under it. */
  private static void checkUnchanged(FileActions files, List<Result> inputs) throws IOException {
    for (ContentRead read : files.contentReads()) {
      boolean changed =
          inputs.get(read.input()) instanceof Result.Context context
              && !context.context().isUnchanged(read);
      if (changed) {
        throw new SlipwayException(
            ErrorKind.CONFLICT,
            "the build context changed while it was copied: " + read.path() + ": build again");
      }
    }
  }
}
