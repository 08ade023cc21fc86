package io.slipway.builder;

import io.slipway.builder.export.Built;
import io.slipway.builder.export.Registries;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.builder.frontend.BuildPlan;
import io.slipway.builder.frontend.Frontend;
import io.slipway.builder.frontend.FrontendInput;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.op.StepRunner;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.PlannedStep;
import io.slipway.builder.progress.SerialListener;
import io.slipway.builder.solver.Result;
import io.slipway.builder.solver.Solution;
import io.slipway.builder.solver.Solver;
import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.image.content.Lease;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One build on this machine. */
final class LocalBuild implements Build {
  private final LocalBuilder builder;
  private final BuildRequest request;
  private final OpenContexts contexts;
  private final BuildProducts products;
  private final BaseImages images;
  private final Registries registries;
  private Thread planning;
  private Solution solution;
  private boolean cancelled;

  LocalBuild(
      LocalBuilder builder,
      BuildRequest request,
      OpenContexts contexts,
      BuildProducts products,
      BaseImages images,
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
    Instant start = Instant.now();
    BuildListener listener = new SerialListener(outside);
    warn(listener);
    try (Lease lease = builder.parts().leases().open()) {
      Map<String, List<BuildPlan>> plans = plans();
      listener.on(new BuildEvent.Planned(Instant.now(), steps(plans)));
      Solver.Solved solved = solve(plans, lease, listener);
      Map<String, List<Built>> built = built(plans, solved.results());
      var exports = new BuildExports(builder, request, registries, lease, listener);
      exports.make(built);
      return new BuildResult(
          exports.imageId(),
          exports.manifest(),
          exports.tags(),
          solved.ran(),
          solved.cached(),
          Duration.between(start, Instant.now()));
    }
  }

  private void warn(BuildListener listener) {
    FrontendInput input = products.inputs().getFirst();
    for (Diagnostic diagnostic : input.dockerfile().diagnostics()) {
      if (diagnostic.severity() == Diagnostic.Severity.WARNING) {
        listener.on(
            new BuildEvent.Warning(
                Instant.now(),
                diagnostic.sentence(),
                java.util.Optional.of(input.source().excerpt(diagnostic.range()))));
      }
    }
  }

  /** Looking up base images is the one thing a plan waits for; a cancel interrupts it. */
  private Map<String, List<BuildPlan>> plans() {
    synchronized (this) {
      requireNotCancelled();
      planning = Thread.currentThread();
    }
    try {
      var plans = new LinkedHashMap<String, List<BuildPlan>>();
      products
          .byTarget()
          .forEach((target, inputs) -> {
            List<BuildPlan> ofTarget = new ArrayList<>();
            inputs.forEach(input -> ofTarget.add(Frontend.plan(input, images)));
            plans.put(target, ofTarget);
          });
      return plans;
    } catch (SlipwayException e) {
      requireNotCancelled();
      throw e;
    } finally {
      synchronized (this) {
        planning = null;
        if (cancelled) {
          // meant for the plan: the thread goes on to tell of the cancel
          Thread.interrupted();
        }
      }
    }
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
          steps.putIfAbsent(
              key, new PlannedStep(steps.size() + 1, step.instruction(), step.work()));
        });
    return List.copyOf(steps.values());
  }

  private Solver.Solved solve(
      Map<String, List<BuildPlan>> plans, Lease lease, BuildListener listener) {
    var runner =
        new StepRunner(
            builder.stepTools(), builder.folders(), contexts.all(), request.secrets(), lease);
    List<Vertex> targets =
        plans.values().stream().flatMap(List::stream).map(BuildPlan::target).toList();
    Solution prepared;
    synchronized (this) {
      requireNotCancelled();
      prepared = builder.solver().prepare(targets, runner, listener);
      solution = prepared;
    }
    return prepared.run();
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
    if (planning != null) {
      planning.interrupt();
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
