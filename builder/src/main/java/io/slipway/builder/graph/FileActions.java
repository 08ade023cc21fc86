package io.slipway.builder.graph;

import java.util.List;

/**
 * Files put into the tree of input 0 without running anything: COPY, ADD and WORKDIR. All actions
 * together are one layer.
 */
public record FileActions(List<FileAction> actions) implements Op {

  public FileActions {
    actions = List.copyOf(actions);
    if (actions.isEmpty()) {
      throw new IllegalArgumentException("no file actions");
    }
  }

  @Override
  public Identity identity() {
    return identity(false);
  }

  @Override
  public Identity contentIdentity() {
    return identity(true);
  }

  private Identity identity(boolean withoutSources) {
    Identity.Builder identity = Identity.of("files");
    for (int i = 0; i < actions.size(); i++) {
      identity.addNested("action." + i, actions.get(i).identity(withoutSources));
    }
    return identity.build();
  }

  @Override
  public List<ContentRead> contentReads() {
    return actions.stream()
        .filter(FileAction.Copy.class::isInstance)
        .map(FileAction.Copy.class::cast)
        .map(copy ->
            new ContentRead(
                copy.input(), copy.source(), copy.wildcards(), copy.excludes(), copy.parents()))
        .toList();
  }
}
