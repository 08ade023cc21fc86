package io.slipway.builder.solver;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.cache.CacheRecord;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One graph being solved. */
public final class Solution {
  private final Solver solver;
  private final List<Vertex> targets;
  private final OpRunner runner;
  private final StepEvents events;
  private final Tasks tasks = new Tasks();
  private final KeyFinder keys;
  private final Map<Vertex, CompletableFuture<Result>> results = new ConcurrentHashMap<>();
  private final Set<Vertex> touched = ConcurrentHashMap.newKeySet();
  private final AtomicInteger ran = new AtomicInteger();
  private final CompletableFuture<Void> busy = new CompletableFuture<>();

  Solution(Solver solver, List<Vertex> targets, OpRunner runner, BuildListener listener) {
    this.solver = solver;
    this.targets = List.copyOf(targets);
    this.runner = runner;
    this.events = new StepEvents(listener);
    this.keys = new KeyFinder(solver.index(), runner, tasks, this::demand, busy);
  }

  /**
   * Finds or makes the targets' results. All threads of it have ended when this returns.
   *
   * @throws SlipwayException what failed first; CANCELLED after {@link #cancel}
   */
  public Solver.Solved run() {
    List<CompletableFuture<Result>> wanted = targets.stream().map(this::demand).toList();
    tasks.join();
    List<Result> made = wanted.stream().map(CompletableFuture::join).toList();
    return new Solver.Solved(made, ran.get(), events.cachedSteps(), steps());
  }

  private List<SolvedStep> steps() {
    var steps = new LinkedHashMap<Vertex, SolvedStep>();
    var seen = new HashSet<Vertex>();
    targets.forEach(target -> collect(target, seen, steps));
    return List.copyOf(steps.values());
  }

  private void collect(Vertex vertex, Set<Vertex> seen, Map<Vertex, SolvedStep> steps) {
    if (seen.add(vertex)) {
      vertex.inputs().forEach(input -> collect(input, seen, steps));
      keys.known(vertex)
          .ifPresent(key -> steps.put(vertex, new SolvedStep(vertex, key.key(), key.otherNames())));
    }
  }

  /** Ends {@link #run} from another thread. */
  public void cancel() {
    tasks.fail(new SlipwayException(ErrorKind.CANCELLED, "build cancelled"));
  }

  private CompletableFuture<Result> demand(Vertex vertex) {
    return results.computeIfAbsent(
        vertex, wanted -> tasks.start(wanted.info().name(), () -> result(wanted)));
  }

  private Result result(Vertex vertex) throws Exception {
    if (vertex.op() instanceof Op.LocalSource) {
      // belongs to this build alone: neither looked up nor shared
      return runner.run(
          vertex,
          List.of(),
          CacheKey.of(vertex.op().identity(), List.of()),
          Optional.empty(),
          null);
    }
    FoundKey found = Tasks.await(keys.of(vertex)).orElseThrow();
    CacheKey key = found.key();
    Optional<Result> known = runner.find(vertex, key);
    List<Result> inputs = List.of();
    if (known.isEmpty()) {
      inputs = inputs(vertex);
      // another build may have made it meanwhile
      known = runner.find(vertex, key);
    }
    if (known.isPresent()) {
      events.cached(vertex);
      touch(vertex);
      return known.get();
    }
    return make(vertex, found, inputs);
  }

  /** The result is of use, and with it those of the steps before. */
  private void touch(Vertex vertex) {
    if (!(vertex.op() instanceof Op.Source) && touched.add(vertex)) {
      keys.known(vertex).ifPresent(found -> solver.index().touch(found.key(), Instant.now()));
      vertex.inputs().forEach(this::touch);
    }
  }

  private List<Result> inputs(Vertex vertex) throws Exception {
    List<CompletableFuture<Result>> started = vertex.inputs().stream().map(this::demand).toList();
    var inputs = new ArrayList<Result>();
    for (CompletableFuture<Result> input : started) {
      inputs.add(Tasks.await(input));
    }
    return inputs;
  }

  /** Carries the step out, or waits for another build that is doing so. */
  private Result make(Vertex vertex, FoundKey found, List<Result> inputs) throws Exception {
    events.started(vertex);
    Optional<FormerResult> former = FormerResult.of(vertex, found, solver.index());
    MissExplanation.of(vertex, found, former).ifPresent(why -> events.missed(vertex, why));
    if (!(vertex.op() instanceof Op.Source)) {
      busy.complete(null);
    }
    CacheKey flight = runner.flight(found.key());
    try (var _ = solver.outputs().join(flight, events.output(vertex))) {
      Result result = solver.flights().run(flight, () -> lead(vertex, found, inputs, former));
      events.done(vertex);
      return result;
    } catch (Exception e) {
      throw failed(vertex, e);
    }
  }

  /** What the one build does that carries the step out for all. */
  private Result lead(
      Vertex vertex, FoundKey found, List<Result> inputs, Optional<FormerResult> former)
      throws Exception {
    Optional<Result> known = runner.find(vertex, found.key());
    if (known.isPresent()) {
      return known.get();
    }
    Instant start = Instant.now();
    try {
      Result result =
          runner.run(
              vertex,
              inputs,
              found.key(),
              former.filter(_ -> !vertex.info().ignoreCache()).flatMap(FormerResult::reusable),
              solver.outputs().of(runner.flight(found.key())));
      remember(vertex, found, start);
      ran.incrementAndGet();
      return result;
    } catch (Exception e) {
      // a cancelled leader must not fail those who wait: they carry the step out themselves
      throw tasks.failed() ? cancelled(e) : StepFailure.locate(vertex, e);
    }
  }

  private Exception failed(Vertex vertex, Exception failure) {
    if (tasks.failed()) {
      // an interrupt shows in many ways: what was failing anyway is not told
      events.cancelled(vertex);
      return cancelled(failure);
    }
    events.failed(vertex, failure);
    return failure;
  }

  private static SlipwayException cancelled(Exception failure) {
    return new SlipwayException(ErrorKind.CANCELLED, "build cancelled", failure);
  }

  private void remember(Vertex vertex, FoundKey found, Instant start) {
    found.otherNames().forEach(name -> solver.index().alias(name, found.key()));
    found.listings().forEach(solver.index()::keepListing);
    solver
        .index()
        .record(
            new CacheRecord(
                found.key(),
                vertex.info().slot(),
                vertex.info().name(),
                found.parts(),
                start,
                Duration.between(start, Instant.now())));
  }
}
