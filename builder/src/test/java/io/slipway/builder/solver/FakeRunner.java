package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.BuildContext;
import io.slipway.builder.context.ReadContent;
import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.image.model.Digest;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Carries nothing out, but remembers what it was asked; results are names. */
public class FakeRunner implements OpRunner {
  /** What a machine keeps between builds. */
  public static final class Kept {
    final Map<CacheKey, Result> results = new ConcurrentHashMap<>();

    /** Content of a result's path, by the name of the vertex that made it or "context". */
    final Map<String, String> contents = new ConcurrentHashMap<>();

    final Map<SnapshotKey, String> makers = new ConcurrentHashMap<>();

    /** Removes every result. */
    public void forget() {
      results.clear();
    }
  }

  final Kept kept;
  private final Optional<BuildContext> context;
  public final ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();

  FakeRunner(Kept kept) {
    this(kept, Optional.empty());
  }

  /**
   * @param context real files to take the content of the context from
   */
  public FakeRunner(Kept kept, Optional<BuildContext> context) {
    this.kept = kept;
    this.context = context;
  }

  @Override
  public Optional<Result> find(Vertex vertex, CacheKey key) {
    if (vertex.op() instanceof Op.ImageSource) {
      return Optional.of(new Result.Tree(Optional.empty()));
    }
    return Optional.ofNullable(kept.results.get(key));
  }

  @Override
  public ReadContent content(ContentRead read, Result input) throws IOException {
    if (input instanceof Result.Context local) {
      return local.context().listed(read);
    }
    String maker = ((Result.Tree) input).snapshot().map(kept.makers::get).orElse("context");
    String content = kept.contents.getOrDefault(maker + read.path(), "");
    return new ReadContent(Digest.of(content.getBytes(StandardCharsets.UTF_8)), Optional.empty());
  }

  @Override
  public Result run(
      Vertex vertex,
      List<Result> inputs,
      CacheKey key,
      Optional<Reusable> former,
      StepOutput output)
      throws InterruptedException {
    if (vertex.op() instanceof Op.LocalSource) {
      return context.<Result>map(Result.Context::new).orElse(new Result.Tree(Optional.empty()));
    }
    work(vertex);
    byte[] line = ("from " + vertex.info().name()).getBytes(StandardCharsets.UTF_8);
    output.log(BuildEvent.Stream.STDOUT, line, 0, line.length);
    var name = new SnapshotKey("step/" + key);
    Result result = new Result.Tree(Optional.of(name));
    kept.makers.put(name, vertex.info().name());
    kept.results.put(key, result);
    ran.add(vertex.info().name());
    return result;
  }

  void work(Vertex vertex) throws InterruptedException {}
}
