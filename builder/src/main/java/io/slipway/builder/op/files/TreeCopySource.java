package io.slipway.builder.op.files;

import io.slipway.builder.context.SourceMatches;
import io.slipway.builder.context.SourceSight;
import io.slipway.builder.context.SourceTree;
import io.slipway.runtime.layer.Tree;
import java.io.IOException;
import java.util.List;

/** A context's or a stage's files as a source of copies. For one step, on one thread. */
public final class TreeCopySource implements CopySource, AutoCloseable {
  private final SourceTree source;
  private final Tree tree;
  private SourceSight sight;
  private String sightBase = "";
  private List<String> sightExcludes = List.of();

  private TreeCopySource(SourceTree source, Tree tree) {
    this.source = source;
    this.tree = tree;
  }

  /** Opens the tree; the caller closes what it gets. */
  public static TreeCopySource open(SourceTree source) throws IOException {
    return new TreeCopySource(source, source.open());
  }

  @Override
  public Tree tree() {
    return tree;
  }

  @Override
  public boolean ownedByRoot() {
    return source.ownedByRoot();
  }

  @Override
  public Sight sight(String path, boolean directory, List<String> excludes, String base) {
    if (sight == null || !base.equals(sightBase) || !excludes.equals(sightExcludes)) {
      sight = new SourceSight(source, base.substring(1), excludes);
      sightBase = base;
      sightExcludes = excludes;
    }
    return switch (sight.of(path.substring(1), directory)) {
      case SHOWN -> Sight.SHOWN;
      case HIDDEN -> Sight.HIDDEN;
      case PERHAPS_BELOW -> Sight.PERHAPS_BELOW;
    };
  }

  @Override
  public List<String> matches(String path, boolean wildcards) throws IOException {
    return SourceMatches.find(source, path, wildcards).stream()
        .map(match -> "/" + match.matched())
        .toList();
  }

  @Override
  public void close() {
    tree.close();
  }
}
