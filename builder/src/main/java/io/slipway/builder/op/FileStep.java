package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.solver.Result;
import java.io.IOException;
import java.util.List;

/** COPY, ADD and WORKDIR: files put into a tree without running anything. */
final class FileStep {
  private final StepSnapshots snapshots;
  private final Sources sources;

  FileStep(StepSnapshots snapshots, Sources sources) {
    this.snapshots = snapshots;
    this.sources = sources;
  }

  Result run(FileActions actions, List<Result> inputs, CacheKey key)
      throws IOException, InterruptedException {
    return snapshots.make(
        key,
        StepRunner.parent(inputs),
        writable -> {
          var target = new CopyTarget(writable.tree());
          for (FileAction action : actions.actions()) {
            apply(action, inputs, target);
          }
        });
  }

  private void apply(FileAction action, List<Result> inputs, CopyTarget target) throws IOException {
    switch (action) {
      case FileAction.MakeDirectory made -> target.makeDirectory(made);
      case FileAction.WriteFile written -> target.write(written);
      case FileAction.Copy copy -> {
        try (Sources.Opened source = sources.open(inputs.get(copy.input()))) {
          new CopyAction(copy, source.tree(), target).run();
        }
      }
    }
  }
}
