package io.slipway.builder;

import io.slipway.builder.cache.SqliteCacheIndex;
import io.slipway.builder.context.BuildContext;
import io.slipway.builder.context.BuildContexts;
import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.exchange.CacheTransfers;
import io.slipway.builder.exchange.ExchangeTools;
import io.slipway.builder.export.ExportTools;
import io.slipway.builder.export.ImageExporter;
import io.slipway.builder.export.ImagePacker;
import io.slipway.builder.export.ImageTimes;
import io.slipway.builder.export.LayerComparison;
import io.slipway.builder.export.Registries;
import io.slipway.builder.export.TreeExporter;
import io.slipway.builder.frontend.BaseImages;
import io.slipway.builder.frontend.Frontend;
import io.slipway.builder.frontend.FrontendInput;
import io.slipway.builder.frontend.NamedContext;
import io.slipway.builder.frontend.SourceText;
import io.slipway.builder.graph.Op;
import io.slipway.builder.history.BuildHistory;
import io.slipway.builder.op.FailedStep;
import io.slipway.builder.op.FailedSteps;
import io.slipway.builder.op.StepFolders;
import io.slipway.builder.op.StepShell;
import io.slipway.builder.op.StepTools;
import io.slipway.builder.prune.BuildCache;
import io.slipway.builder.prune.CacheFolders;
import io.slipway.builder.prune.CacheLimit;
import io.slipway.builder.remote.Remotes;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.builder.solver.Result;
import io.slipway.builder.solver.SolvedStep;
import io.slipway.builder.solver.Solver;
import io.slipway.builder.waste.WasteReport;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.parse.DockerfileParser;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Builds on this machine. One per daemon; owns a folder of the data root:
 *
 * <pre>
 * build/
 *   cache.db      the cache index (builder.cache)
 *   contexts/     contexts that were sent, and file digests (builder.context)
 *   remotes/      what was downloaded and fetched (builder.remote)
 *   history/      records of the last builds (builder.history)
 *   steps/        files and cache mounts of RUN steps (builder.op)
 *   failed/       RUN steps that failed, to be entered (builder.op)
 * </pre>
 */
public final class LocalBuilder implements AutoCloseable {
  private final BuilderParts parts;
  private final BuilderSettings settings;
  private final SqliteCacheIndex index;
  private final Remotes remotes;
  private final BuildContexts contexts;
  private final StepFolders folders;
  private final FailedSteps failures;
  private final Solver solver;
  private final BuildCache cache;
  private final CacheLimit limit;
  private final BuildHistory history;

  private LocalBuilder(BuilderParts parts, BuilderSettings settings, Path directory)
      throws IOException {
    this.parts = parts;
    this.settings = settings;
    this.remotes = Remotes.in(directory.resolve("remotes"));
    this.contexts = BuildContexts.in(directory.resolve("contexts"), remotes, settings.archives());
    this.folders = new StepFolders(directory.resolve("steps"));
    this.failures =
        new FailedSteps(
            directory.resolve("failed"),
            parts.snapshotter(),
            parts.snapshots().get(),
            settings.failedSteps());
    this.index = new SqliteCacheIndex(directory.resolve("cache.db"));
    this.solver = new Solver(index);
    this.history = new BuildHistory(directory.resolve("history"));
    this.cache =
        new BuildCache(
            parts.snapshotter(),
            parts.snapshots(),
            index,
            new CacheFolders(folders, failures, remotes, contexts),
            parts.leases(),
            parts.catalog(),
            parts.blobs());
    this.limit = new CacheLimit(cache, settings.cacheBytes().orElse(defaultCacheBytes(directory)));
  }

  private static long defaultCacheBytes(Path directory) throws IOException {
    return Files.getFileStore(directory).getTotalSpace() / 10;
  }

  /**
   * Takes the folder over, which is made if it is missing; the cache index opens in the background.
   */
  public static LocalBuilder open(BuilderParts parts, BuilderSettings settings, Path directory)
      throws IOException {
    Files.createDirectories(directory);
    return new LocalBuilder(parts, settings, directory);
  }

  /** Everything that builds have left to be used again. */
  public BuildCache cache() {
    return cache;
  }

  /** Records of the last builds. */
  public BuildHistory history() {
    return history;
  }

  /** The last RUN steps that failed. */
  public FailedSteps failures() {
    return failures;
  }

  /** Starts a command in a failed step; what it changes is thrown away when it is closed. */
  public StepShell enter(
      FailedStep step, StepShell.Wish wish, CallerSecrets secrets, ContainerIo io)
      throws IOException, InterruptedException {
    return failures.enter(step, wish, stepTools(), folders, secrets, io);
  }

  CacheLimit limit() {
    return limit;
  }

  /** A builder whose builds get their base images from there, and push nothing. */
  public Builder with(BaseImages images) {
    return with(
        images,
        (name, packed, index, lease, listener) -> {
          throw new SlipwayException(
              ErrorKind.UNSUPPORTED,
              "pushing " + name.familiar() + ": there is nowhere to push to");
        });
  }

  /** A builder whose builds get their base images from there, and push there. */
  public Builder with(BaseImages images, Registries registries) {
    return request -> open(request, images, registries);
  }

  private Build open(BuildRequest request, BaseImages images, Registries registries) {
    var opened = new OpenContexts();
    try {
      opened.put(
          Op.LocalSource.MAIN,
          contexts.open(request.context(), request.dockerfile(), request.secrets()));
      request
          .options()
          .contexts()
          .forEach((name, context) -> {
            if (context instanceof NamedContext.Local local) {
              opened.put(name, contexts.named(name, local.directory()));
            }
          });
      FrontendInput input = read(request, opened.main());
      BuildProducts products = BuildProducts.of(request, input);
      products.inputs().forEach(Frontend::check);
      return new LocalBuild(this, request, opened, products, new KnownBases(images), registries);
    } catch (RuntimeException e) {
      closeAfter(e, opened);
      throw e;
    }
  }

  /**
   * Reads a Dockerfile to look at it; nothing is built.
   *
   * @throws io.slipway.builder.error.DockerfileException the Dockerfile cannot be built
   */
  public BuildInspection inspect(BuildRequest request, BaseImages images) {
    var opened = new OpenContexts();
    try {
      opened.put(
          Op.LocalSource.MAIN,
          contexts.open(request.context(), request.dockerfile(), request.secrets()));
      FrontendInput input = read(request, opened.main());
      Frontend.check(input);
      return new BuildInspection(opened.main(), input, new KnownBases(images));
    } catch (RuntimeException e) {
      closeAfter(e, opened);
      throw e;
    }
  }

  private static void closeAfter(RuntimeException failure, OpenContexts opened) {
    try {
      opened.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private FrontendInput read(BuildRequest request, BuildContext context) {
    Dockerfile parsed = DockerfileParser.parse(context.dockerfile().toArray());
    var source = new SourceText(context.dockerfileName(), context.dockerfile().text());
    if (context.dockerfile().size() == 0) {
      throw new DockerfileException(
          ErrorKind.INVALID,
          "the Dockerfile (" + context.dockerfileName() + ") cannot be empty",
          java.util.Optional.empty(),
          null);
    }
    return new FrontendInput(
        parsed, source, request.options(), parts.platform(), slotPrefix(request));
  }

  /** The same for two builds of the same thing: what is asked for names it well enough. */
  private static String slotPrefix(BuildRequest request) {
    String named =
        request.context().getClass().getSimpleName()
            + "\0"
            + (request.context() instanceof io.slipway.builder.context.ContextSource.Directory d
                ? d.path()
                : request.outputs())
            + "\0"
            + request.dockerfile().name();
    return Digest.of(named.getBytes(StandardCharsets.UTF_8)).shortHex();
  }

  BuilderParts parts() {
    return parts;
  }

  Solver solver() {
    return solver;
  }

  StepFolders folders() {
    return folders;
  }

  StepTools stepTools() {
    return new StepTools(
        parts.snapshotter(),
        parts.unpacker(),
        parts.blobs(),
        parts.containers(),
        parts.networks(),
        remotes,
        failures,
        settings.archives());
  }

  private ExportTools exportTools() {
    return new ExportTools(
        parts.snapshotter(), parts.identities(), parts.blobs(), parts.layers(), parts.catalog());
  }

  ImageExporter imageExporter() {
    return new ImageExporter(exportTools(), new ImageTimes(index));
  }

  ImagePacker imagePacker() {
    return new ImagePacker(exportTools(), imageExporter());
  }

  ExchangeTools exchangeTools() {
    return new ExchangeTools(
        index,
        folders,
        parts.snapshotter(),
        parts.unpacker(),
        parts.identities(),
        parts.layerIndex(),
        parts.layers(),
        parts.blobs(),
        parts.registries(),
        parts.platform());
  }

  /** The caches of a build: those it names, else those that all builds of this daemon share. */
  CacheTransfers caches(BuildRequest request, Dockerfile dockerfile) {
    CacheTransfers asked = request.extras().caches();
    boolean named = !asked.from().isEmpty() || !asked.to().isEmpty();
    if (named || settings.cacheRegistry().isEmpty()) {
      return asked;
    }
    return SharedCache.of(
        settings.cacheRegistry().get(), request, dockerfile, parts.platform(), asked.credentials());
  }

  /**
   * Makes sure that two builds came to the same.
   *
   * @throws SlipwayException CONFLICT naming the first file that differs
   */
  void verify(List<Result> first, List<Result> second) {
    for (int i = 0; i < first.size(); i++) {
      Optional<SnapshotKey> one = ((Result.Tree) first.get(i)).snapshot();
      Optional<SnapshotKey> other = ((Result.Tree) second.get(i)).snapshot();
      try {
        for (Optional<SnapshotKey> tree : List.of(one, other)) {
          if (tree.isPresent()) {
            parts.identities().identify(tree.get());
          }
        }
        var difference = new LayerComparison(parts.snapshotter()).first(one, other);
        if (difference.isPresent()) {
          throw new SlipwayException(
              ErrorKind.CONFLICT,
              "the build is not reproducible: two builds differ in " + difference.get().sentence());
        }
      } catch (IOException e) {
        throw failure("comparing two builds", e);
      }
    }
  }

  WasteReport wasteReport(List<SolvedStep> solved) {
    return new WasteReport(parts.snapshotter(), index, solved);
  }

  TreeExporter treeExporter() {
    return new TreeExporter(parts.snapshotter());
  }

  /** Writes what is left of the cache index. Builds must have ended. */
  @Override
  public void close() {
    limit.close();
    history.close();
    index.close();
  }

  static SlipwayException failure(String step, IOException cause) {
    return new SlipwayException(ErrorKind.INTERNAL, step + ": " + cause.getMessage(), cause);
  }
}
