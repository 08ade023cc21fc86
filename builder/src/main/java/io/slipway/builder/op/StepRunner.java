package io.slipway.builder.op;

import io.slipway.builder.cache.CacheKey;
import io.slipway.builder.context.BuildContext;
import io.slipway.builder.context.ContentDigests;
import io.slipway.builder.context.ReadContent;
import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.graph.Identity;
import io.slipway.builder.graph.Op;
import io.slipway.builder.graph.Vertex;
import io.slipway.builder.op.files.FileActionRunner;
import io.slipway.builder.op.files.FormerLayer;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.builder.solver.OpRunner;
import io.slipway.builder.solver.Result;
import io.slipway.builder.solver.Reusable;
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
  private final Lease lease;
  private final OtherResults others;
  private final Optional<TimeLimit> limit;
  private final Map<String, BuildContext> contexts;
  private final StepSnapshots snapshots;
  private final ImageStep images;
  private final FileStep files;
  private final ExecStep execs;
  private final MergeStep merges;
  private final SquashStep squashes;
  private final RemoteStep remotes;

  /**
   * @param contexts the files that came with the build, by the names of {@link Op.LocalSource}
   * @param secrets what the caller lends to steps
   * @param limit of the times of what steps make; empty to leave them
   * @param lease keeps base images and results while the build runs
   * @param others results that were made elsewhere
   */
  public StepRunner(
      StepTools tools,
      StepFolders folders,
      Map<String, BuildContext> contexts,
      CallerSecrets secrets,
      Optional<TimeLimit> limit,
      Lease lease,
      OtherResults others) {
    this.contexts = Map.copyOf(contexts);
    this.lease = lease;
    this.others = others;
    this.limit = limit;
    this.snapshots = new StepSnapshots(tools.snapshotter(), limit);
    this.images = new ImageStep(tools, lease);
    this.files = new FileStep(snapshots, new FileActionRunner(Clock.systemUTC(), tools.limits()));
    this.execs = new ExecStep(tools, folders, snapshots, secrets, others);
    this.merges = new MergeStep(snapshots);
    this.squashes = new SquashStep(snapshots);
    this.remotes = new RemoteStep(tools.remotes(), secrets, snapshots, lease);
  }

  @Override
  public Optional<Result> find(Vertex vertex, CacheKey key) throws IOException {
    // before looking: a removal that has begun ends first
    lease.pin(key.digest());
    if (vertex.op() instanceof Op.ImageSource image) {
      return images.find(image);
    }
    Optional<Result> own = snapshots.find(key);
    return own.isPresent()
        ? own
        : others.find(key).map(snapshot -> new Result.Tree(Optional.of(snapshot)));
  }

  /** Who may not use what is made without a limit must not wait for it either. */
  @Override
  public CacheKey flight(CacheKey key) {
    if (limit.isEmpty()) {
      return key;
    }
    var part = new Identity.Part("limited", Boolean.toString(limit.get().demanded()));
    return CacheKey.of(new Identity("times", List.of(part)), List.of(key.digest()));
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
  public Result run(
      Vertex vertex,
      List<Result> inputs,
      CacheKey key,
      Optional<Reusable> former,
      StepOutput output)
      throws IOException, InterruptedException {
    return switch (vertex.op()) {
      case Op.LocalSource local -> new Result.Context(contexts.get(local.name()));
      case Op.ImageSource image -> images.run(image);
      case FileActions actions -> files.run(actions, inputs, key, layer(former));
      case Exec exec -> execs.run(exec, vertex.info(), inputs, key, output);
      case Op.HttpSource http -> remotes.download(http, key);
      case Op.GitSource git -> remotes.checkOut(git, key);
      case Op.Merge merge -> merges.run(inputs, key);
      case Op.Squash squash -> squashes.run(squash, inputs, key);
    };
  }

  private Optional<FormerLayer> layer(Optional<Reusable> former) {
    // before looking: a removal that has begun ends first
    former.ifPresent(known -> lease.pin(known.key().digest()));
    return former.flatMap(known ->
        snapshots
            .find(known.key())
            .map(tree ->
                new FormerLayer(
                    snapshots.changes((Result.Tree) tree),
                    known.changed(),
                    limit.map(TimeLimit::time))));
  }

  /** The tree an operation starts from. */
  static Optional<SnapshotKey> parent(List<Result> inputs) {
    if (inputs.getFirst() instanceof Result.Tree tree) {
      return tree.snapshot();
    }
    throw new IllegalArgumentException("an operation starts from a tree, not from a context");
  }
}
