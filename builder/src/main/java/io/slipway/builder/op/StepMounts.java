package io.slipway.builder.op;

import io.slipway.builder.context.SourceMatches;
import io.slipway.builder.context.SourceTree;
import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.graph.FileAction;
import io.slipway.builder.graph.FileActions;
import io.slipway.builder.op.files.FileActionRunner;
import io.slipway.builder.solver.Result;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a RUN's {@code --mount} flags and script need, held while the command runs. */
final class StepMounts implements AutoCloseable {
  private static final String SCRIPT_MODE = "rwxr-xr-x";

  private final StepFolders folders;
  private final StepSnapshots snapshots;
  private final List<MountSpec> specs = new ArrayList<>();
  private final Set<String> files = new HashSet<>();
  private final Deque<Held> held = new ArrayDeque<>();

  @FunctionalInterface
  private interface Held {
    void close() throws IOException;
  }

  StepMounts(StepFolders folders, StepSnapshots snapshots) {
    this.folders = folders;
    this.snapshots = snapshots;
  }

  /** For the container, in the order of the flags. */
  List<MountSpec> specs() {
    return specs;
  }

  /** Targets that are files. */
  Set<String> files() {
    return files;
  }

  void open(Exec exec, List<Result> inputs) throws IOException, InterruptedException {
    for (ExecMount mount : exec.mounts()) {
      specs.add(
          switch (mount) {
            case ExecMount.Bind bind -> bind(bind, inputs.get(bind.input()));
            case ExecMount.Cache cache -> cache(cache);
            case ExecMount.Tmpfs tmpfs -> tmpfs(tmpfs);
            case ExecMount.Script script -> script(script);
          });
    }
  }

  private MountSpec script(ExecMount.Script script) throws IOException {
    files.add(script.target());
    Path file = folders.file(script.content().toArray(), SCRIPT_MODE);
    return MountSpec.Bind.readOnly(file, script.target());
  }

  private static MountSpec tmpfs(ExecMount.Tmpfs tmpfs) {
    String size = tmpfs.sizeBytes().isPresent() ? "size=" + tmpfs.sizeBytes().getAsLong() : "";
    return new MountSpec.Tmpfs(tmpfs.target(), Set.of(MountOption.NOSUID), size);
  }

  private MountSpec cache(ExecMount.Cache cache) throws IOException, InterruptedException {
    CacheDirectories.Use use = folders.mounts().use(cache);
    held.push(use::close);
    return bind(use.path(), cache.target(), cache.readOnly());
  }

  private static MountSpec bind(Path source, String target, boolean readOnly) {
    return readOnly ? MountSpec.Bind.readOnly(source, target) : MountSpec.Bind.of(source, target);
  }

  /** Writes, where allowed, go to a layer that is thrown away. */
  private MountSpec bind(ExecMount.Bind bind, Result input)
      throws IOException, InterruptedException {
    StepSnapshots.Mounted tree =
        switch (input) {
          case Result.Context context -> copied(context, bind.source());
          case Result.Tree found ->
              bind.writable() ? snapshots.scratch(found.snapshot()) : snapshots.reading(found);
        };
    held.push(tree::close);
    Fd source = open(tree.tree(), bind);
    held.push(source::close);
    return bind(source.path(), bind.target(), !bind.writable());
  }

  /** A command must not see files that are ignored, nor change the caller's: it gets a copy. */
  private StepSnapshots.Mounted copied(Result.Context context, String path)
      throws IOException, InterruptedException {
    StepSnapshots.Mounted copy = snapshots.scratch(Optional.empty());
    try {
      SourceTree files = context.context().files();
      boolean directory = SourceMatches.find(files, path, false).getFirst().status().isDirectory();
      String destination = directory ? path : path.substring(0, path.lastIndexOf('/') + 1);
      var action =
          new FileAction.Copy(
              1, path, false, destination, Optional.empty(), Optional.empty(), false, List.of());
      new FileActionRunner(Clock.systemUTC())
          .run(new FileActions(List.of(action)), copy.tree(), Map.of(1, files));
      return copy;
    } catch (IOException | InterruptedException | RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  private Fd open(Tree tree, ExecMount.Bind bind) throws IOException {
    String path = bind.source();
    Optional<FileStatus> status = tree.status(path);
    if (status.isEmpty()) {
      throw new SlipwayException(
          ErrorKind.NOT_FOUND,
          "failed to compute cache key: failed to calculate checksum of ref: \""
              + path
              + "\": not found");
    }
    if (status.get().isDirectory()) {
      try (Dir directory = tree.directory(path)) {
        return directory.fd().duplicate();
      }
    }
    files.add(bind.target());
    return tree.openFile(path);
  }

  @Override
  public void close() throws IOException {
    while (!held.isEmpty()) {
      held.pop().close();
    }
  }
}
