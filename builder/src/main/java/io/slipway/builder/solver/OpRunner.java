package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.ReadContent;
import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Carries operations out for one build. Called from many threads; an interrupt means that the build
 * has been given up.
 */
public interface OpRunner {

  /** The result that is kept under the key, if it still is. */
  Optional<Result> find(Vertex vertex, CacheKey key) throws IOException;

  /** Builds whose steps have this in common may share one run of the step. */
  default CacheKey flight(CacheKey key) {
    return key;
  }

  /**
   * What stands for everything the read names in the input: equal for equal names, contents and
   * metadata as far as a copy takes them.
   */
  ReadContent content(ContentRead read, Result input) throws IOException;

  /**
   * What a source holds now that changes elsewhere, such as a URL: part of its key. Empty for a
   * source that is told by its operation alone.
   */
  default Optional<Digest> current(Op.Source source) throws IOException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Carries the operation out and keeps its result under the key, all or nothing.
   *
   * @param inputs results of the vertex's inputs, in their order
   * @param former what may save work
   */
  Result run(
      Vertex vertex,
      List<Result> inputs,
      CacheKey key,
      Optional<Reusable> former,
      StepOutput output)
      throws IOException, InterruptedException;
}
