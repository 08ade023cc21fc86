package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.BuildContext;
import io.slipway.builder.context.ContentDigests;
import io.slipway.builder.context.ReadContent;
import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.op.files.FileActionRunner;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.builder.solver.OpRunner;
import io.slipway.builder.solver.Result;
import io.slipway.builder.solver.StepOutput;
import io.slipway.image.content.Lease;
import io.slipway.image.model.Digest;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Carries out the operations of one build. */
public final class StepRunner implements OpRunner {
  /** What the names of results' snapshots begin with; the step's key follows. */
  public static final String RESULTS = "step/";

  private final Lease lease;
  private final Map<String, BuildContext> contexts;
  private final StepSnapshots snapshots;
  private final ImageStep images;
  private final FileStep files;
  private final ExecStep execs;
  private final MergeStep merges;
  private final RemoteStep remotes;

  /**
   * @param contexts the files that came with the build, by the names of {@link Op.LocalSource}
   * @param secrets what the caller lends to steps
   * @param lease keeps base images and results while the build runs
   */
  public StepRunner(
      StepTools tools,
      StepFolders folders,
      Map<String, BuildContext> contexts,
      CallerSecrets secrets,
      Lease lease) {
    this.contexts = Map.copyOf(contexts);
    this.lease = lease;
    this.snapshots = new StepSnapshots(tools.snapshotter());
    this.images = new ImageStep(tools, lease);
    this.files = new FileStep(snapshots, new FileActionRunner(Clock.systemUTC()));
    this.execs = new ExecStep(tools, folders, snapshots, secrets);
    this.merges = new MergeStep(snapshots);
    this.remotes = new RemoteStep(tools.remotes(), secrets, snapshots);
  }

  @Override
  public Optional<Result> find(Vertex vertex, CacheKey key) throws IOException {
    // before looking: a removal that has begun ends first
    lease.pin(key.digest());
    return vertex.op() instanceof Op.ImageSource image ? images.find(image) : snapshots.find(key);
  }

  @Override
  public Optional<Digest> current(Op.Source source) throws IOException, InterruptedException {
    return remotes.current(source);
  }

  @Override
  public ReadContent content(ContentRead read, Result input) throws IOException {
    if (input instanceof Result.Context local) {
      return local.context().listed(read);
    }
    try (var sources = new OpenSources(snapshots)) {
      return ContentDigests.listed(sources.of(input), read);
    }
  }

  @Override
  public Result run(Vertex vertex, List<Result> inputs, CacheKey key, StepOutput output)
      throws IOException, InterruptedException {
    return switch (vertex.op()) {
      case Op.LocalSource local -> new Result.Context(contexts.get(local.name()));
      case Op.ImageSource image -> images.run(image);
      case FileActions actions -> files.run(actions, inputs, key);
      case Exec exec -> execs.run(exec, vertex.info(), inputs, key, output);
      case Op.HttpSource http -> remotes.download(http, key);
      case Op.GitSource git -> remotes.checkOut(git, key);
      case Op.Merge merge -> merges.run(inputs, key);
    };
  }

  /** The tree an operation starts from. */
  static Optional<SnapshotKey> parent(List<Result> inputs) {
    if (inputs.getFirst() instanceof Result.Tree tree) {
      return tree.snapshot();
    }
    throw new IllegalArgumentException("an operation starts from a tree, not from a context");
  }
}
