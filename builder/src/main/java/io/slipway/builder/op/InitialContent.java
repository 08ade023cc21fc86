package io.slipway.builder.op;

import io.slipway.builder.context.ArchiveLimits;
import io.slipway.builder.context.SourceTree;
import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.op.files.CopyTarget;
import io.slipway.builder.op.files.FileActionRunner;
import io.slipway.builder.solver.Result;
import io.slipway.runtime.layer.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A directory of a step's input that a new cache directory begins with. */
record InitialContent(StepSnapshots snapshots, Result input, String source)
    implements CacheDirectories.Content {

  @Override
  public String name() {
    return switch (input) {
      case Result.Tree tree -> tree.name() + ":" + source;
      case Result.Context context -> context.context().files().root() + ":" + source;
    };
  }

  @Override
  public void writeTo(Path directory) throws IOException, InterruptedException {
    try (var sources = new OpenSources(snapshots);
        Tree target = Tree.open(directory)) {
      SourceTree tree = sources.of(input);
      var copy =
          new FileAction.Copy(
              1, source, false, "/", Optional.empty(), Optional.empty(), false, List.of());
      new FileActionRunner(Clock.systemUTC(), ArchiveLimits.DEFAULTS)
          .run(
              new FileActions(List.of(copy)),
              CopyTarget.of(target),
              Map.of(1, tree),
              Optional.empty());
    }
  }
}
