package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheIndex;
import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.task.SingleFlight;
import java.util.List;
import java.util.Objects;

/** Solves graphs. One per daemon: equal steps of builds that run at the same time run once. */
public final class Solver {
  private final CacheIndex index;
  private final SingleFlight<CacheKey, Result> flights = new SingleFlight<>();
  private final SharedOutputs outputs = new SharedOutputs();

  public Solver(CacheIndex index) {
    this.index = Objects.requireNonNull(index, "index");
  }

  /**
   * What was found and done.
   *
   * @param results of the targets, in their order
   * @param steps the vertices whose keys are known, inputs before what uses them
   */
  public record Solved(List<Result> results, int ran, int cached, List<SolvedStep> steps) {
    public Solved {
      results = List.copyOf(results);
      steps = List.copyOf(steps);
    }

    /** The result of the only target, or of the first. */
    public Result result() {
      return results.getFirst();
    }
  }

  /**
   * Prepares to solve a graph.
   *
   * @param listener is called from many threads; serialise before
   */
  public Solution prepare(Vertex target, OpRunner runner, BuildListener listener) {
    return prepare(List.of(target), runner, listener);
  }

  /** As {@link #prepare(Vertex, OpRunner, BuildListener)}, for several vertices of one graph. */
  public Solution prepare(List<Vertex> targets, OpRunner runner, BuildListener listener) {
    return new Solution(this, targets, runner, listener);
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
