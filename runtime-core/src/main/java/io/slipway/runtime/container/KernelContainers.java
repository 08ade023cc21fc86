package io.slipway.runtime.container;

import io.slipway.runtime.cgroup.Cgroup;
import io.slipway.runtime.cgroup.CgroupDriver;
import io.slipway.runtime.cgroup.CgroupPlacement;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.Privileges;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.process.DescriptorKeeper.Kept;
import io.slipway.runtime.process.UserNamespaces;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * Starts containers by system calls of this JVM; no helper program and no process per container.
 */
public final class KernelContainers implements Containers, StartedContainer.Maker {
  private static final System.Logger LOG = System.getLogger(KernelContainers.class.getName());

  private final CgroupDriver cgroups;
  private final KernelFeatures features;
  private final Path emptyDirectory;
  private final SeccompPrograms filters;
  private final ProcessStarter starter;
  private final UserNamespaces userNamespaces;
  private final Survival survival;
  private final Set<StartedContainer> unclosed = ConcurrentHashMap.newKeySet();

  /** Whether containers can outlive the daemon: without root it is first of their pid namespace. */
  private final boolean survives = !Privileges.own().isRootless();

  private volatile boolean leaving;

  private KernelContainers(
      CgroupDriver cgroups, KernelFeatures features, Path emptyDirectory, Path keeper)
      throws IOException {
    this.cgroups = cgroups;
    this.features = features;
    this.emptyDirectory = Files.createDirectories(emptyDirectory.toAbsolutePath());
    this.filters = new SeccompPrograms();
    this.starter = new ProcessStarter();
    this.userNamespaces = starter.userNamespaces();
    this.survival = new Survival(starter.keeper(keeper));
  }

  /**
   * Looks at the kernel and makes ready to start containers.
   *
   * @param emptyDirectory made if missing; every container's root is attached on it for a moment,
   *     in its own mount namespace; a file beside it tells the next daemon who keeps the containers
   * @throws IOException if this machine cannot run containers, saying what it lacks
   */
  public static KernelContainers open(CgroupDriver cgroups, Path emptyDirectory)
      throws IOException {
    Path absolute = emptyDirectory.toAbsolutePath();
    return new KernelContainers(
        cgroups, KernelFeatures.probe(), absolute, absolute.resolveSibling("keeper"));
  }

  /**
   * Kills what an earlier daemon left running.
   *
   * @param wanted containers that will be taken over, if they can be
   * @return the ids of the killed ones
   */
  public List<String> removeLeftovers(Set<String> wanted) throws IOException {
    Set<String> spared = new HashSet<>(survival.ids());
    spared.retainAll(wanted);
    survival.retain(spared);
    return cgroups.removeLeftovers(spared);
  }

  /** From now on {@link #close} leaves alone what a later daemon can take over. */
  public void leaveRunning() {
    leaving = true;
  }

  @Override
  public RunningContainer start(ContainerSpec requested, RootFilesystem rootfs, ContainerIo io)
      throws IOException {
    SysctlRules.check(requested);
    ContainerSpec spec = InitBinary.applyTo(requested);
    Optional<MappedUsers> users = users(spec);
    OwnedRoot root = open(rootfs, users);
    Cgroup cgroup = null;
    try {
      cgroup = cgroups.create(spec.cgroupParent(), spec.id(), spec.resources());
      StartedContainer container = start(spec, root, users, cgroup, io);
      unclosed.add(container);
      return container;
    } catch (IOException | RuntimeException e) {
      undo(e, root, cgroup);
      throw e;
    }
  }

  private Optional<MappedUsers> users(ContainerSpec spec) throws IOException {
    Optional<IdMappings> mappings = spec.namespaces().user();
    return mappings.isEmpty() ? Optional.empty() : Optional.of(users(mappings.get()));
  }

  private MappedUsers users(IdMappings mappings) throws IOException {
    return new MappedUsers(
        mappings, userNamespaces.of(mappings), userNamespaces.of(mappings.withHostRoot()));
  }

  private static OwnedRoot open(RootFilesystem rootfs, Optional<MappedUsers> users)
      throws IOException {
    return users.isPresent()
        ? OwnedRoot.open(rootfs, users.get().owners())
        : OwnedRoot.open(rootfs);
  }

  /**
   * Whether containers can have these users.
   *
   * @param scratch a folder on the file system of their files
   * @throws IOException what is missing
   */
  public void requireUsers(IdMappings users, Path scratch) throws IOException {
    Path folder = Files.createTempDirectory(scratch, "userns-");
    try {
      MappedOverlay.probe(folder, users(users).owners());
    } finally {
      for (String name : MappedOverlay.PROBED) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.delete(folder);
    }
  }

  /** For the networks of containers: a namespace that belongs to such users. */
  public Fd newNetwork(IdMappings users) throws IOException {
    return userNamespaces.newNetwork(users);
  }

  private static void undo(Exception failure, OwnedRoot root, Cgroup cgroup) {
    root.close();
    if (cgroup != null) {
      try {
        cgroup.close();
      } catch (IOException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private StartedContainer start(
      ContainerSpec spec,
      OwnedRoot root,
      Optional<MappedUsers> users,
      Cgroup cgroup,
      ContainerIo io)
      throws IOException {
    ProcessSpec process = spec.process();
    try (OpenHandles handles = new OpenHandles();
        CgroupPlacement placement = cgroup.placement()) {
      handles.borrow(StartFacts.ROOT, root.mount());
      users.ifPresent(u -> handles.borrow(StartFacts.USER_NAMESPACE, u.namespace()));
      NamespaceHandles.open(spec.namespaces(), handles);
      MountPreparation mounts = new MountPreparation(handles, cgroup, users);
      FactsBuilder facts =
          new FactsBuilder(
                  features, process, UserLookup.in(root.mount()), spec.namespaces().user(), handles)
              .mounts(
                  mounts.prepare(spec.mounts(), spec.devices()),
                  MountPreparation.targets(root.mount(), spec.mounts()))
              .masks(spec)
              .devices(mounts.devices(spec.devices()))
              .cgroups(placement)
              .filter(filters.filter(spec.seccomp(), process.capabilities()))
              .emptyDirectory(emptyDirectory);
      AtomicReference<Kept> kept = new AtomicReference<>();
      ChildProcess first =
          starter.start(
              new ProcessStarter.Request(
                  process,
                  facts,
                  mounts.devpts(),
                  handles,
                  complete -> ContainerProgram.compile(spec, complete),
                  spec.resources(),
                  (launched, streams) -> {
                    cgroup.started(launched.pid());
                    if (survives && io.stdout() instanceof ContainerIo.Output.Kept) {
                      kept.set(keep(spec, launched.pidFd(), root, mounts.devpts(), streams));
                    }
                  },
                  status -> StartedContainer.ended(spec, cgroup, status)),
              io);
      mounts.devpts().ifPresent(handles::keep);
      StartedContainer made =
          new StartedContainer(this, spec, root, cgroup, mounts.devpts(), first);
      made.setKept(Optional.ofNullable(kept.get()));
      return made;
    }
  }

  /**
   * A container that cannot be kept is as good as any other while this daemon lives.
   *
   * @return null if it cannot
   */
  private Kept keep(
      ContainerSpec spec, Fd pidFd, OwnedRoot root, Optional<Fd> devpts, ProcessStreams streams) {
    try {
      return survival.keep(spec.id(), pidFd, root.mount(), devpts, streams);
    } catch (IOException e) {
      warn(spec, e);
      return null;
    }
  }

  @Override
  public Optional<RunningContainer> adopt(ContainerSpec spec, ContainerIo io) throws IOException {
    Optional<Survival.Remains> found = survival.take(spec.id());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Survival.Remains remains = found.get();
    Cgroup cgroup = null;
    try {
      cgroup = cgroups.adopt(spec.cgroupParent(), spec.id());
      StartedContainer container = adopt(spec, io, remains, cgroup);
      unclosed.add(container);
      return Optional.of(container);
    } catch (IOException | RuntimeException e) {
      ProcessCalls.signal(remains.process(), ProcessCalls.SIGKILL);
      undo(e, new OwnedRoot(remains.root()), cgroup);
      remains.close();
      throw e;
    }
  }

  private StartedContainer adopt(
      ContainerSpec spec, ContainerIo io, Survival.Remains remains, Cgroup cgroup)
      throws IOException {
    ChildProcess first =
        starter.adopt(
            remains.process(),
            remains.ends(),
            io,
            status -> StartedContainer.ended(spec, cgroup, status));
    if (remains.input().isPresent()) {
      first.streams().alsoCloseInput(remains.input().get());
    }
    OwnedRoot root = new OwnedRoot(remains.root());
    StartedContainer adopted =
        new StartedContainer(this, spec, root, cgroup, remains.devpts(), first);
    adopted.setKept(Optional.of(remains.kept()));
    return adopted;
  }

  @Override
  public ChildProcess exec(
      StartedContainer container, Fd first, ProcessSpec process, ContainerIo io)
      throws IOException {
    try (OpenHandles handles = new OpenHandles();
        CgroupPlacement placement = container.cgroup().placement()) {
      handles.borrow(StartFacts.CONTAINER, first);
      ContainerSpec spec = container.spec();
      FactsBuilder facts =
          new FactsBuilder(
                  features,
                  process,
                  UserLookup.in(container.rootfs()),
                  spec.namespaces().user(),
                  handles)
              .cgroups(placement)
              .filter(filters.filter(spec.seccomp(), process.capabilities()));
      return starter.start(
          new ProcessStarter.Request(
              process,
              facts,
              container.devpts(),
              handles,
              complete -> ExecProgram.compile(process, complete, spec.namespaces()),
              spec.resources(),
              ProcessStarter.Keeping.NOTHING,
              UnaryOperator.identity()),
          io);
    }
  }

  @Override
  public void forget(StartedContainer container) {
    unclosed.remove(container);
  }

  @Override
  public void close() {
    for (StartedContainer container : List.copyOf(unclosed)) {
      if (leaving && container.isKept()) {
        continue;
      }
      try {
        container.close();
      } catch (IOException e) {
        warn(container.spec(), e);
      }
    }
    try {
      survival.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage());
    }
    userNamespaces.close();
    starter.close();
  }

  private static void warn(ContainerSpec spec, IOException e) {
    LOG.log(System.Logger.Level.WARNING, "container {0}: {1}", spec.id(), e.getMessage());
  }
}
