package io.slipway.builder;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.export.Built;
import io.slipway.builder.export.Registries;
import io.slipway.builder.frontend.BuildPlan;
import io.slipway.builder.frontend.Frontend;
import io.slipway.builder.frontend.FrontendInput;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.history.BuildRecorder;
import io.slipway.builder.op.OtherResults;
import io.slipway.builder.op.StepRunner;
import io.slipway.builder.op.TimeLimit;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.PlannedStep;
import io.slipway.builder.progress.SerialListener;
import io.slipway.builder.solver.Result;
import io.slipway.builder.solver.Solution;
import io.slipway.builder.solver.Solver;
import io.slipway.image.content.Lease;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** One build on this machine. */
final class LocalBuild implements Build {
  private final LocalBuilder builder;
  private final BuildRequest request;
  private final OpenContexts contexts;
  private final BuildProducts products;
  private final KnownBases images;
  private final Registries registries;

  /** Works for the build itself, outside of its steps; a cancel interrupts it. */
  private Thread working;

  private Solution solution;
  private boolean cancelled;

  /** The time is not only what the context says. */
  private boolean demanded;

  LocalBuild(
      LocalBuilder builder,
      BuildRequest request,
      OpenContexts contexts,
      BuildProducts products,
      KnownBases images,
      Registries registries) {
    this.builder = builder;
    this.request = request;
    this.contexts = contexts;
    this.products = products;
    this.images = images;
    this.registries = registries;
  }

  @Override
  public BuildResult run(BuildListener outside) {
    BuildRecorder recorder = builder.history().begin(asked(), outside);
    try {
      BuildResult result = run(new SerialListener(recorder), recorder);
      recorder.completed(
          result.imageId().map(Digest::toString).orElse(""),
          result.ranSteps(),
          result.cachedSteps());
      return result;
    } catch (RuntimeException e) {
      boolean stopped = e instanceof SlipwayException known && known.kind() == ErrorKind.CANCELLED;
      recorder.failed(e.getMessage() == null ? e.toString() : e.getMessage(), stopped);
      throw e;
    }
  }

  private BuildRecorder.Asked asked() {
    String from =
        request.context() instanceof ContextSource.Directory directory
            ? directory.path().toString()
            : "sent";
    return new BuildRecorder.Asked(
        from,
        products.inputs().getFirst().source().file(),
        request.options().target(),
        request.outputs().stream()
            .filter(BuildOutput.Image.class::isInstance)
            .flatMap(output -> ((BuildOutput.Image) output).tags().stream())
            .map(Reference::familiar)
            .toList());
  }

  private BuildResult run(BuildListener listener, BuildRecorder recorder) {
    Instant start = Instant.now();
    try (Lease lease = builder.parts().leases().open()) {
      Map<String, List<BuildPlan>> plans = interruptible(this::plans);
      new BuildVerdict(request, contexts.main(), products.inputs(), images).tell(listener);
      listener.on(new BuildEvent.Planned(Instant.now(), steps(plans)));
      var caches =
          new BuildCaches(
              builder.caches(request, products.inputs().getFirst().dockerfile()),
              builder.exchangeTools(),
              lease,
              listener);
      OtherResults others = caches.load();
      Solver.Solved solved = solve(plans, lease, others, listener);
      recorder.solved(solved.steps());
      Map<String, List<Built>> built = built(plans, solved.results());
      if (request.extras().verify()) {
        List<Result> again = solve(plans, lease, others, listener).results();
        builder.verify(solved.results(), again);
      }
      var exports =
          new BuildExports(builder, request, registries, lease, caches.inline(solved), listener);
      try (var waste = new BuildWaste(builder, solved.steps(), built)) {
        interruptible(() -> {
          exports.make(built);
          caches.store(solved, targets(plans));
          waste.tell(listener);
          return built;
        });
      }
      return new BuildResult(
          exports.imageId(),
          exports.manifest(),
          exports.tags(),
          solved.ran(),
          solved.cached(),
          Duration.between(start, Instant.now()));
    }
  }

  private Map<String, List<BuildPlan>> plans() {
    var plans = new LinkedHashMap<String, List<BuildPlan>>();
    products
        .byTarget()
        .forEach((target, inputs) -> {
          List<BuildPlan> ofTarget = new ArrayList<>();
          inputs.forEach(input -> ofTarget.add(plan(input)));
          plans.put(target, ofTarget);
        });
    return plans;
  }

  /** Does what may take long; a cancel interrupts it. */
  private <T> T interruptible(Supplier<T> work) {
    synchronized (this) {
      requireNotCancelled();
      working = Thread.currentThread();
    }
    try {
      return work.get();
    } catch (SlipwayException e) {
      // an interrupt shows in many ways
      requireNotCancelled();
      throw e;
    } finally {
      synchronized (this) {
        working = null;
        if (cancelled) {
          // meant for the work: the thread goes on to tell of the cancel
          Thread.interrupted();
        }
      }
    }
  }

  /** With the times fixed, if anything says to what. */
  private BuildPlan plan(FrontendInput input) {
    BuildPlan asked = Frontend.plan(input, images);
    demanded |= asked.sourceDateEpoch().isPresent();
    BuildPlan plan = asked.withTime(request.extras().contextTime());
    return request.extras().squash() ? plan.squashed() : plan;
  }

  private Optional<TimeLimit> limit(Map<String, List<BuildPlan>> plans) {
    OptionalLong time = plans.values().iterator().next().getFirst().sourceDateEpoch();
    return time.isPresent()
        ? Optional.of(new TimeLimit(time.getAsLong(), demanded))
        : Optional.empty();
  }

  /** The instructions of all plans; what several plans have in common is shown once. */
  private static List<PlannedStep> steps(Map<String, List<BuildPlan>> plans) {
    var steps = new LinkedHashMap<String, PlannedStep>();
    plans.values().stream()
        .flatMap(List::stream)
        .flatMap(plan -> plan.steps().stream())
        .forEach(step -> {
          String same = step.work().map(Object::toString).orElse("") + step.instruction();
          String key = step.work().isPresent() ? same : same + steps.size();
          steps.putIfAbsent(key, step.numbered(steps.size() + 1));
        });
    return List.copyOf(steps.values());
  }

  private Solver.Solved solve(
      Map<String, List<BuildPlan>> plans,
      Lease lease,
      OtherResults others,
      BuildListener listener) {
    var runner =
        new StepRunner(
            builder.stepTools(),
            builder.folders(),
            contexts.all(),
            request.secrets(),
            limit(plans),
            lease,
            others);
    Solution prepared;
    synchronized (this) {
      requireNotCancelled();
      prepared = builder.solver().prepare(targets(plans), runner, listener);
      solution = prepared;
    }
    return prepared.run();
  }

  private static List<Vertex> targets(Map<String, List<BuildPlan>> plans) {
    return plans.values().stream().flatMap(List::stream).map(BuildPlan::target).toList();
  }

  private static Map<String, List<Built>> built(
      Map<String, List<BuildPlan>> plans, List<Result> results) {
    var built = new LinkedHashMap<String, List<Built>>();
    var next = results.iterator();
    plans.forEach((target, ofTarget) -> {
      List<Built> made = new ArrayList<>();
      ofTarget.forEach(plan -> made.add(new Built(plan, ((Result.Tree) next.next()).snapshot())));
      built.put(target, made);
    });
    return built;
  }

  private synchronized void requireNotCancelled() {
    if (cancelled) {
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled");
    }
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    if (working != null) {
      working.interrupt();
    }
    if (solution != null) {
      solution.cancel();
    }
  }

  @Override
  public void close() {
    builder.limit().grown();
    contexts.close();
  }
}
