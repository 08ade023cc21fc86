package io.slipway.registry.store;

import java.util.List;

/** How much repositories hold; kept up to date with every change, so that nothing is counted. */
public interface UsageIndex {

  /** By name. */
  List<RepositoryUsage> list(Page page);

  /** Of all distinct contents, whoever holds them. */
  Totals totals();

  /**
   * Refuses content of {@code bytes} that would break a quota of the repository's namespace; cheap
   * when there are none.
   *
   * @throws RegistryFault DENIED
   */
  void requireRoom(RepositoryName repository, long bytes);

  /** Counts a repository anew; false when what was kept was wrong, and is corrected. */
  boolean recount(RepositoryName repository);

  /** What is stored in all; {@code damaged} counts contents that wait to be pushed again. */
  record Totals(long repositories, long contents, long bytes, long damaged) {}
}
