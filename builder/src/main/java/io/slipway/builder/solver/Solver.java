package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheIndex;
import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.task.SingleFlight;
import java.util.Objects;

/** Solves graphs. One per daemon: equal steps of builds that run at the same time run once. */
public final class Solver {
  private final CacheIndex index;
  private final SingleFlight<CacheKey, Result> flights = new SingleFlight<>();
  private final SharedOutputs outputs = new SharedOutputs();

  public Solver(CacheIndex index) {
    this.index = Objects.requireNonNull(index, "index");
  }

  /** What was found and done. */
  public record Solved(Result result, int ran, int cached) {
    public Solved {
      Objects.requireNonNull(result, "result");
    }
  }

  /**
   * Prepares to solve a graph.
   *
   * @param listener is called from many threads; serialise before
   */
  public Solution prepare(Vertex target, OpRunner runner, BuildListener listener) {
    return new Solution(this, target, runner, listener);
  }

  CacheIndex index() {
    return index;
  }

  SingleFlight<CacheKey, Result> flights() {
    return flights;
  }

  SharedOutputs outputs() {
    return outputs;
  }
}
