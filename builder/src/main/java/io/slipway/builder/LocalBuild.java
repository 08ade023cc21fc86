package io.slipway.builder;

import io.slipway.builder.context.BuildContext;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.builder.frontend.BuildPlan;
import io.slipway.builder.frontend.Frontend;
import io.slipway.builder.frontend.FrontendInput;
import io.slipway.builder.op.StepRunner;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.progress.SerialListener;
import io.slipway.builder.solver.Result;
import io.slipway.builder.solver.Solution;
import io.slipway.builder.solver.Solver;
import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.image.content.Lease;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One build on this machine. */
final class LocalBuild implements Build {
  private final LocalBuilder builder;
  private final BuildRequest request;
  private final BuildContext context;
  private final FrontendInput input;
  private final BaseImages images;
  private Thread planning;
  private Solution solution;
  private boolean cancelled;

  LocalBuild(
      LocalBuilder builder,
      BuildRequest request,
      BuildContext context,
      FrontendInput input,
      BaseImages images) {
    this.builder = builder;
    this.request = request;
    this.context = context;
    this.input = input;
    this.images = images;
  }

  @Override
  public BuildResult run(BuildListener outside) {
    Instant start = Instant.now();
    BuildListener listener = new SerialListener(outside);
    warn(listener);
    try (Lease lease = builder.parts().leases().open()) {
      BuildPlan plan = plan();
      listener.on(new BuildEvent.Planned(Instant.now(), plan.steps()));
      Solver.Solved solved = solve(plan, lease, listener);
      Optional<SnapshotKey> tree = ((Result.Tree) solved.result()).snapshot();
      List<Reference> tags = new ArrayList<>();
      Optional<Digest> image = Optional.empty();
      for (BuildOutput output : request.outputs()) {
        Optional<Digest> made = export(output, plan, tree, lease, listener);
        image = made.isPresent() ? made : image;
        if (output instanceof BuildOutput.Image named) {
          tags.addAll(named.tags());
        }
      }
      return new BuildResult(
          image, tags, solved.ran(), solved.cached(), Duration.between(start, Instant.now()));
    }
  }

  private void warn(BuildListener listener) {
    for (Diagnostic diagnostic : input.dockerfile().diagnostics()) {
      if (diagnostic.severity() == Diagnostic.Severity.WARNING) {
        listener.on(
            new BuildEvent.Warning(
                Instant.now(),
                diagnostic.sentence(),
                Optional.of(input.source().excerpt(diagnostic.range()))));
      }
    }
  }

  /** Looking up base images is the one thing a plan waits for; a cancel interrupts it. */
  private BuildPlan plan() {
    synchronized (this) {
      requireNotCancelled();
      planning = Thread.currentThread();
    }
    try {
      return Frontend.plan(input, images);
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

  private Solver.Solved solve(BuildPlan plan, Lease lease, BuildListener listener) {
    var runner =
        new StepRunner(builder.stepTools(), builder.folders(), context, request.secrets(), lease);
    Solution prepared;
    synchronized (this) {
      requireNotCancelled();
      prepared = builder.solver().prepare(plan.target(), runner, listener);
      solution = prepared;
    }
    return prepared.run();
  }

  private Optional<Digest> export(
      BuildOutput output,
      BuildPlan plan,
      Optional<SnapshotKey> tree,
      Lease lease,
      BuildListener listener) {
    try {
      return switch (output) {
        case BuildOutput.Image image -> {
          Digest id = builder.imageExporter().export(plan, tree, image.tags(), lease);
          listener.on(new BuildEvent.Exported(Instant.now(), id, image.tags()));
          yield Optional.of(id);
        }
        case BuildOutput.Directory directory -> {
          builder.treeExporter().directory(tree, plan.sourceDateEpoch(), directory.path());
          yield Optional.empty();
        }
        case BuildOutput.Tar tar -> {
          builder.treeExporter().tar(tree, plan.sourceDateEpoch(), tar.stream());
          yield Optional.empty();
        }
      };
    } catch (IOException e) {
      throw LocalBuilder.failure("exporting the image", e);
    }
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
    context.close();
  }
}
