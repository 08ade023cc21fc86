package io.slipway.builder.op;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.slipway.builder.error.SourceExcerpt;
import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.builder.solver.Result;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The last RUN steps that failed, kept to be looked at:
 *
 * <pre>
 * ID.json       what the step was; modified at its last use
 * </pre>
 *
 * <p>The step's tree is the snapshot {@code failed/ID}; empty ones {@code failed/ID.N} on top of
 * the trees that mounts show keep those from being removed. One per daemon; safe for threads.
 */
public final class FailedSteps {
  private static final System.Logger LOG = System.getLogger(FailedSteps.class.getName());
  static final String PREFIX = "failed/";
  private static final String RECORD = ".json";
  private static final String NEW = ".new";
  private static final int ID = 12;

  private final Path directory;
  private final Snapshotter snapshotter;
  private final int limit;

  /**
   * Takes the folder over and removes what is not complete.
   *
   * @param all every snapshot there is
   * @param limit how many are kept; 0 for none
   */
  public FailedSteps(Path directory, Snapshotter snapshotter, List<Snapshot> all, int limit)
      throws IOException {
    this.directory = Files.createDirectories(directory);
    this.snapshotter = snapshotter;
    this.limit = limit;
    tidy(all);
  }

  /** After a kill: a tree without record, a record without tree. */
  private void tidy(List<Snapshot> all) throws IOException {
    Map<SnapshotKey, Snapshot> trees =
        all.stream()
            .filter(snapshot -> snapshot.key().value().startsWith(PREFIX))
            .collect(Collectors.toMap(Snapshot::key, snapshot -> snapshot));
    var wanted = new HashSet<SnapshotKey>();
    for (String name : names()) {
      Path file = directory.resolve(name);
      Optional<FailedStep> step = name.endsWith(RECORD) ? read(file) : Optional.empty();
      if (step.isPresent() && trees.keySet().containsAll(step.get().snapshots())) {
        wanted.addAll(step.get().snapshots());
      } else {
        Files.deleteIfExists(file);
      }
    }
    for (SnapshotKey tree : trees.keySet()) {
      if (!wanted.contains(tree)) {
        snapshotter.remove(tree);
      }
    }
    removeOldest();
  }

  /**
   * Keeps a step whose command failed. What goes wrong with it is told in the log and with the
   * failure; the failure itself counts.
   *
   * @param active the step's tree, unmounted; taken over
   * @return the failure, which names the step if it was kept
   */
  StepFailedException keep(
      Exec exec,
      StepInfo info,
      List<Result> inputs,
      StepSnapshots snapshots,
      Snapshot.Active active,
      StepFailedException failure) {
    if (limit == 0 || Thread.currentThread().isInterrupted()) {
      return failure;
    }
    FailedStep step = begun(exec, info, failure);
    try {
      for (ExecMount mount : exec.mounts()) {
        step = hold(step, mount, inputs, snapshots);
      }
      snapshotter.commit(active, step.tree());
      write(step);
      removeOldest();
      return failure.keptAs(step.id());
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot keep the failed step " + info.name(), e);
      failure.addSuppressed(e);
      abandon(step, failure);
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      return failure;
    }
  }

  private static FailedStep begun(Exec exec, StepInfo info, StepFailedException failure) {
    return new FailedStep(
        UUID.randomUUID().toString().replace("-", "").substring(0, ID),
        info.name(),
        failure.exitCode(),
        info.excerpt().map(SourceExcerpt::place).orElse(""),
        Instant.now(),
        exec,
        Map.of());
  }

  /** Keeps what a mount shows, if that is a tree of the build. */
  private FailedStep hold(
      FailedStep step, ExecMount mount, List<Result> inputs, StepSnapshots snapshots)
      throws IOException, InterruptedException {
    int number =
        switch (mount) {
          case ExecMount.Bind bind -> bind.input();
          case ExecMount.Cache cache ->
              cache.initial().map(ExecMount.Cache.Initial::input).orElse(0);
          default -> 0;
        };
    if (number == 0 || step.inputs().containsKey(number)) {
      return step;
    }
    var trees = new TreeMap<>(step.inputs());
    switch (inputs.get(number)) {
      case Result.Context context -> {
        snapshots.copy(context, sources(step.exec(), number), step.holder(number));
        trees.put(number, step.holder(number));
      }
      case Result.Tree tree when tree.snapshot().isPresent() -> {
        snapshots.hold(tree.snapshot().get(), step.holder(number));
        trees.put(number, tree.snapshot().get());
      }
      case Result.Tree _ -> {
        return step;
      }
    }
    return step.withInputs(trees);
  }

  /** What the mounts show of an input. */
  private static List<String> sources(Exec exec, int input) {
    return exec.contentReads().stream()
        .filter(read -> read.input() == input)
        .map(ContentRead::path)
        .toList();
  }

  private void abandon(FailedStep step, StepFailedException failure) {
    try {
      for (SnapshotKey key : step.snapshots()) {
        snapshotter.remove(key);
      }
    } catch (IOException | RuntimeException e) {
      // the next start removes it
      failure.addSuppressed(e);
    }
  }

  private void write(FailedStep step) throws IOException {
    Path temporary = directory.resolve(step.id() + NEW);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(temporary, FailedStepText.write(step));
    Files.move(temporary, file(step.id()), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path file(String id) {
    return directory.resolve(id + RECORD);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** Empty if it was removed meanwhile, or is damaged. */
  private static Optional<FailedStep> read(Path file) throws IOException {
    try {
      return Optional.of(FailedStepText.read(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "damaged record of a failed step: " + file, e);
      return Optional.empty();
    }
  }

  /** What is kept, the last failure first. */
  public List<FailedStep> list() throws IOException {
    var steps = new ArrayList<FailedStep>();
    for (String name : names()) {
      if (name.endsWith(RECORD)) {
        read(directory.resolve(name)).ifPresent(steps::add);
      }
    }
    steps.sort(Comparator.comparing(FailedStep::created).reversed());
    return steps;
  }

  /**
   * The step whose id begins so.
   *
   * @throws SlipwayException NOT_FOUND
   */
  public FailedStep find(String id) throws IOException {
    List<FailedStep> found =
        list().stream().filter(step -> !id.isEmpty() && step.id().startsWith(id)).toList();
    if (found.isEmpty()) {
      throw SlipwayException.notFound(
          "no failed step " + id + " is kept: slipway build debug lists what is");
    }
    if (found.size() > 1) {
      throw SlipwayException.invalid("several failed steps begin with " + id);
    }
    return found.getFirst();
  }

  /** When a step was last entered, or failed. */
  public Instant lastUsed(FailedStep step) throws IOException {
    try {
      return Files.getLastModifiedTime(file(step.id())).toInstant();
    } catch (NoSuchFileException e) {
      return step.created();
    }
  }

  /** Bytes the step's own tree takes. */
  public long bytes(FailedStep step) {
    long bytes = 0;
    for (SnapshotKey key : step.snapshots()) {
      if (snapshotter.find(key).orElse(null) instanceof Snapshot.Committed own) {
        bytes += own.usage().bytes();
      }
    }
    return bytes;
  }

  private synchronized void removeOldest() throws IOException {
    var steps = new ArrayList<>(list());
    var used = new TreeMap<String, Instant>();
    for (FailedStep step : steps) {
      used.put(step.id(), lastUsed(step));
    }
    steps.sort(Comparator.comparing(step -> used.get(step.id())));
    for (FailedStep old : steps.subList(0, Math.max(0, steps.size() - limit))) {
      remove(old);
    }
  }

  /** Removes a step; false if somebody is in it now, or if it is gone already. */
  public synchronized boolean remove(FailedStep step) throws IOException {
    try {
      boolean removed = snapshotter.remove(step.tree());
      for (SnapshotKey key : step.snapshots()) {
        snapshotter.remove(key);
      }
      Files.deleteIfExists(file(step.id()));
      return removed;
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  /** A container in the step, whose changes are thrown away. */
  public StepShell enter(
      FailedStep step,
      StepShell.Wish wish,
      StepTools tools,
      StepFolders folders,
      CallerSecrets secrets,
      ContainerIo io)
      throws IOException, InterruptedException {
    Files.setLastModifiedTime(file(step.id()), FileTime.from(Instant.now()));
    return StepShell.open(step, wish, tools, folders, secrets, io);
  }
}
