package io.slipway.benchmarks.registry;

/** One kind of work that every contender gets. */
interface Workload {

  /**
   * What a run did.
   *
   * @param units requests, bytes or blobs, as the workload counts
   */
  record Work(double units) {}

  /** A row of the table. */
  String title();

  /** How its figures are written. */
  Scoreboard.Units units();

  /** Units of work per rate unit: 1 for requests, 1e6 for MB. */
  double unitsPerRate();

  /** Cost units per second of processor time and unit of work. */
  double costPerSecond();

  /** Whether the contender can do it. */
  default boolean suits(Contender contender) {
    return contender.isRegistry() && !contender.isGuarded();
  }

  /** What is not measured: makes ready for the next run. */
  default void prepare(Contender contender) throws Exception {}

  Work run(Contender contender) throws Exception;
}
