package io.slipway.registry.store;

import java.util.List;

/** The repositories that exist: those that ever held a blob or manifest. */
public interface RepositoryIndex {

  boolean exists(RepositoryName name);

  /** In ASCII order. */
  List<RepositoryName> list(Page page);
}
