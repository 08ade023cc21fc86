package io.slipway.builder.op;

import io.slipway.builder.context.SourceTree;
import io.slipway.builder.solver.Result;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The trees that one step reads from, mounted until this is closed. */
final class OpenSources implements AutoCloseable {
  private final StepSnapshots snapshots;
  private final Deque<StepSnapshots.Mounted> mounted = new ArrayDeque<>();

  OpenSources(StepSnapshots snapshots) {
    this.snapshots = snapshots;
  }

  SourceTree of(Result input) throws IOException {
    return switch (input) {
      case Result.Context context -> context.context().files();
      case Result.Tree tree -> {
        StepSnapshots.Mounted mount = snapshots.reading(tree);
        mounted.push(mount);
        yield SourceTree.ofStage(mount.view().root(), tree.name());
      }
    };
  }

  @Override
  public void close() throws IOException {
    while (!mounted.isEmpty()) {
      mounted.pop().close();
    }
  }
}
