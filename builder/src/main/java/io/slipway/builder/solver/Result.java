package io.slipway.builder.solver;

import io.slipway.builder.context.BuildContext;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.util.Objects;
import java.util.Optional;

/** What a vertex comes to. */
public sealed interface Result {

  /**
   * A file tree.
   *
   * @param snapshot where it is kept; empty for the empty tree
   */
  record Tree(Optional<SnapshotKey> snapshot) implements Result {
    public Tree {
      Objects.requireNonNull(snapshot, "snapshot");
    }

    /** For messages. */
    public String name() {
      return snapshot.map(SnapshotKey::value).orElse("scratch");
    }
  }

  /** The files that came with this build. */
  record Context(BuildContext context) implements Result {
    public Context {
      Objects.requireNonNull(context, "context");
    }
  }
}
