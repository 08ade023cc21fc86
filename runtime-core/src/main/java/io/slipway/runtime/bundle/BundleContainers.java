package io.slipway.runtime.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.runtime.bundle.RuntimeProgram.Streams;
import io.slipway.runtime.cgroup.Cgroup;
import io.slipway.runtime.cgroup.CgroupDriver;
import io.slipway.runtime.cgroup.CgroupMode;
import io.slipway.runtime.cgroup.CgroupView;
import io.slipway.runtime.container.ChildProcess;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.Containers;
import io.slipway.runtime.container.ExitStatus;
import io.slipway.runtime.container.ForeignProcesses;
import io.slipway.runtime.container.Identity;
import io.slipway.runtime.container.InitBinary;
import io.slipway.runtime.container.OwnedRoot;
import io.slipway.runtime.container.ProcessStreams;
import io.slipway.runtime.container.RootFilesystem;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.container.StartedContainer;
import io.slipway.runtime.container.SysctlRules;
import io.slipway.runtime.container.UserLookup;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.ProcessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Containers that an OCI runtime makes, from bundles that we write. */
public final class BundleContainers implements Containers, StartedContainer.Maker {
  private static final System.Logger LOG = System.getLogger(BundleContainers.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MNT_DETACH = 2;

  private final Path directory;
  private final RuntimeProgram program;
  private final CgroupDriver cgroups;
  private final ForeignProcesses processes;
  private final SeccompDocuments filters;
  private final Set<StartedContainer> unclosed = ConcurrentHashMap.newKeySet();

  private BundleContainers(String name, Path program, Path directory, CgroupDriver cgroups)
      throws IOException {
    this.directory = directory;
    this.program = new RuntimeProgram(name, program, directory.resolve(BundleLayout.STATE));
    this.cgroups = cgroups;
    this.filters = new SeccompDocuments();
    this.processes = new ForeignProcesses();
  }

  /**
   * Makes ready.
   *
   * @param name what users call the runtime
   * @param program its executable
   * @param directory for bundles, its own
   */
  public static BundleContainers open(
      String name, Path program, Path directory, CgroupDriver cgroups) throws IOException {
    Files.createDirectories(directory);
    return new BundleContainers(name, program, directory, cgroups);
  }

  /**
   * Removes what an earlier daemon left, whose processes must be gone.
   *
   * @param parent of the directories of all runtimes
   */
  public static void removeLeftovers(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return;
    }
    try (Stream<Path> all = Files.find(parent, 2, (path, facts) -> facts.isDirectory())) {
      for (Path one : all.toList()) {
        detach(new BundleLayout(one).rootfs());
      }
    }
    deleteTree(parent);
  }

  private static void detach(Path rootfs) throws IOException {
    try {
      MountCalls.unmount(rootfs, MNT_DETACH);
    } catch (LinuxException e) {
      // not there, or not mounted
      if (!e.is(Errno.ENOENT) && !e.is(Errno.EINVAL)) {
        throw e;
      }
    }
  }

  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public RunningContainer start(ContainerSpec requested, RootFilesystem rootfs, ContainerIo io)
      throws IOException {
    SysctlRules.check(requested);
    ContainerSpec spec =
        InitBinary.applyTo(requested.with(b -> b.process(processes.possible(requested.process()))));
    BundleLayout bundle = new BundleLayout(directory.resolve(spec.id()));
    OwnedRoot root = OwnedRoot.open(rootfs);
    Optional<Cgroup> cgroup = Optional.empty();
    try {
      Files.createDirectories(bundle.rootfs());
      MountCalls.attach(root.mount(), bundle.rootfs());
      cgroup = Optional.of(cgroups.create(spec.cgroupParent(), spec.id(), spec.resources()));
      return start(spec, bundle, root, cgroup.get(), io);
    } catch (IOException | RuntimeException e) {
      undo(e, bundle, root, cgroup);
      throw e;
    }
  }

  private void undo(
      Exception failure, BundleLayout bundle, OwnedRoot root, Optional<Cgroup> cgroup) {
    try {
      if (cgroup.isPresent()) {
        cgroup.get().close();
      }
      root.close();
      remove(bundle);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private StartedContainer start(
      ContainerSpec spec, BundleLayout bundle, OwnedRoot root, Cgroup cgroup, ContainerIo io)
      throws IOException {
    Identity identity = UserLookup.in(root.mount()).resolve(spec.process().user());
    ConfigJson.Facts facts =
        new ConfigJson.Facts(
            bundle.rootfs(),
            path(spec, cgroup),
            ProcessHandle.current().pid(),
            identity,
            filters.filter(spec.seccomp(), spec.process().capabilities()));
    write(bundle.config(), ConfigJson.of(spec, facts));
    ChildProcess first =
        launch(
            new Making(
                List.of("create", "--bundle", bundle.directory().toString()),
                spec.id(),
                spec.process(),
                identity,
                bundle,
                cgroup,
                status -> StartedContainer.ended(spec, cgroup, status)),
            io);
    StartedContainer container =
        new StartedContainer(this, spec, root, cgroup, Optional.empty(), first);
    unclosed.add(container);
    try {
      program.run(bundle, Streams.NONE, List.of("start", spec.id()));
      return container;
    } catch (IOException e) {
      try {
        container.close();
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** Relative paths count from the program's own cgroup, as ours do; v2 has no such place. */
  private String path(ContainerSpec spec, Cgroup cgroup) {
    boolean ownPlace = spec.cgroupParent().isEmpty() && cgroups.mode() != CgroupMode.V2;
    return ownPlace ? cgroup.path().substring(1) : cgroup.path();
  }

  private static void write(Path file, ObjectNode json) throws IOException {
    Files.write(file, JSON.writeValueAsBytes(json));
  }

  /**
   * A process to be made.
   *
   * @param words the command and its options
   * @param files where its own ones go
   * @param addition what else there is to know about its end
   */
  private record Making(
      List<String> words,
      String id,
      ProcessSpec process,
      Identity identity,
      BundleLayout files,
      Cgroup cgroup,
      UnaryOperator<ExitStatus> addition) {}

  /** Has a process made; it is in all its cgroups and is watched when this returns. */
  private ChildProcess launch(Making making, ContainerIo io) throws IOException {
    ProcessStreams streams =
        making.process().terminal().isPresent() ? withTerminal(making, io) : withPipes(making, io);
    try {
      int pid = Integer.parseInt(Files.readString(making.files().pid()).strip());
      join(making.cgroup(), pid);
      return processes.watch(pid, streams, making.addition());
    } catch (IOException | RuntimeException e) {
      streams.close();
      throw e;
    }
  }

  private ProcessStreams withPipes(Making making, ContainerIo io) throws IOException {
    ProcessStreams streams = processes.pipes(io, making.identity());
    try {
      run(making, Streams.of(streams.handles()), List.of());
      return streams;
    } catch (IOException | RuntimeException e) {
      streams.close();
      throw e;
    }
  }

  private ProcessStreams withTerminal(Making making, ContainerIo io) throws IOException {
    try (ConsoleSocket console = ConsoleSocket.listen(making.files().directory())) {
      run(making, Streams.NONE, List.of("--console-socket", console.path()));
      return processes.terminal(io, console.receive(making.process().terminal().orElseThrow()));
    }
  }

  private void run(Making making, Streams streams, List<String> more) throws IOException {
    List<String> words = new ArrayList<>(making.words());
    words.addAll(List.of("--pid-file", making.files().pid().toString()));
    words.addAll(more);
    words.add(making.id());
    program.run(making.files(), streams, words);
  }

  /** A runtime on a mixed machine leaves out the hierarchies that limit nothing. */
  private static void join(Cgroup cgroup, int pid) throws IOException {
    byte[] number = Integer.toString(pid).getBytes(StandardCharsets.US_ASCII);
    for (CgroupView view : cgroup.views()) {
      Path file = view.directory().resolve("cgroup.procs");
      try (Fd procs = FileCalls.open(file, OpenFlags.O_WRONLY, 0)) {
        FileCalls.writeFully(procs, number);
      } catch (LinuxException e) {
        // an exec may have ended already
        if (!e.is(Errno.ESRCH)) {
          throw e;
        }
      }
    }
  }

  @Override
  public ChildProcess exec(
      StartedContainer container, Fd first, ProcessSpec requested, ContainerIo io)
      throws IOException {
    ContainerSpec spec = container.spec();
    ProcessSpec process = processes.possible(requested);
    BundleLayout bundle = new BundleLayout(directory.resolve(spec.id()));
    Identity identity = UserLookup.in(container.rootfs()).resolve(process.user());
    Path own = Files.createTempDirectory(bundle.directory(), "exec");
    try {
      BundleLayout files = new BundleLayout(own);
      write(files.process(), ProcessJson.of(process, identity));
      return launch(
          new Making(
              List.of("exec", "--detach", "--process", files.process().toString()),
              spec.id(),
              process,
              identity,
              files,
              container.cgroup(),
              UnaryOperator.identity()),
          io);
    } finally {
      deleteTree(own);
    }
  }

  /** What is made here ends with the daemon. */
  @Override
  public Optional<RunningContainer> adopt(ContainerSpec spec, ContainerIo io) {
    return Optional.empty();
  }

  @Override
  public void forget(StartedContainer container) {
    unclosed.remove(container);
    try {
      remove(new BundleLayout(directory.resolve(container.spec().id())));
    } catch (IOException e) {
      warn(container, e);
    }
  }

  private void remove(BundleLayout bundle) throws IOException {
    String id = bundle.directory().getFileName().toString();
    if (Files.isDirectory(program.state().resolve(id))) {
      program.run(bundle, Streams.NONE, List.of("delete", "--force", id));
    }
    detach(bundle.rootfs());
    deleteTree(bundle.directory());
  }

  @Override
  public void close() {
    for (StartedContainer container : List.copyOf(unclosed)) {
      try {
        container.close();
      } catch (IOException e) {
        warn(container, e);
      }
    }
    processes.close();
  }

  private static void warn(StartedContainer container, IOException e) {
    LOG.log(
        System.Logger.Level.WARNING, "container {0}: {1}", container.spec().id(), e.getMessage());
  }
}
