package io.slipway.builder.op;

import io.slipway.builder.context.FileDigests;
import io.slipway.builder.context.IgnoreRules;
import io.slipway.builder.context.SourceTree;
import io.slipway.builder.solver.Result;
import java.io.IOException;

/** Opens what is copied from: contexts and the trees of other steps. */
final class Sources {
  private final StepSnapshots snapshots;
  private final IgnoreRules contextIgnore;

  /** A source until it is closed. */
  record Opened(SourceTree tree, Release release) implements AutoCloseable {
    @FunctionalInterface
    interface Release {
      void close() throws IOException;
    }

    @Override
    public void close() throws IOException {
      release.close();
    }
  }

  Sources(StepSnapshots snapshots, IgnoreRules contextIgnore) {
    this.snapshots = snapshots;
    this.contextIgnore = contextIgnore;
  }

  Opened open(Result input) throws IOException {
    return switch (input) {
      case Result.Context context -> {
        SourceTree tree = context.context().open(contextIgnore);
        yield new Opened(tree, tree::close);
      }
      case Result.Tree tree -> {
        StepSnapshots.Scratch mounted = snapshots.reading(tree);
        // inode numbers of an overlay may be given to other files later, so nothing is remembered
        yield new Opened(
            new SourceTree(mounted.tree(), IgnoreRules.NONE, FileDigests.NONE, false),
            mounted::close);
      }
    };
  }
}
