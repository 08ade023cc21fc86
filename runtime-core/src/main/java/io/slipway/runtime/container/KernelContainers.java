package io.slipway.runtime.container;

import io.slipway.runtime.cgroup.Cgroup;
import io.slipway.runtime.cgroup.CgroupDriver;
import io.slipway.runtime.cgroup.CgroupPlacement;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Starts containers by system calls of this JVM; no helper program and no process per container.
 */
public final class KernelContainers implements Containers {
  private final CgroupDriver cgroups;
  private final KernelFeatures features;
  private final Path emptyDirectory;
  private final SeccompPrograms filters;
  private final ProcessStarter starter;
  private final Set<KernelContainer> unclosed = ConcurrentHashMap.newKeySet();

  private KernelContainers(CgroupDriver cgroups, KernelFeatures features, Path emptyDirectory)
      throws IOException {
    this.cgroups = cgroups;
    this.features = features;
    this.emptyDirectory = Files.createDirectories(emptyDirectory.toAbsolutePath());
    this.filters = new SeccompPrograms();
    this.starter = new ProcessStarter();
  }

  /**
   * Looks at the kernel and makes ready to start containers.
   *
   * @param emptyDirectory made if missing; every container's root is attached on it for a moment,
   *     in its own mount namespace
   * @throws IOException if this machine cannot run containers, saying what it lacks
   */
  public static KernelContainers open(CgroupDriver cgroups, Path emptyDirectory)
      throws IOException {
    return new KernelContainers(cgroups, KernelFeatures.probe(), emptyDirectory);
  }

  @Override
  public RunningContainer start(ContainerSpec requested, RootFilesystem rootfs, ContainerIo io)
      throws IOException {
    SysctlRules.check(requested);
    ContainerSpec spec = InitBinary.applyTo(requested);
    OwnedRoot root = OwnedRoot.open(rootfs);
    Cgroup cgroup = null;
    try {
      cgroup = cgroups.create(spec.cgroupParent(), spec.id(), spec.resources());
      KernelContainer container = start(spec, root, cgroup, io);
      unclosed.add(container);
      return container;
    } catch (IOException | RuntimeException e) {
      undo(e, root, cgroup);
      throw e;
    }
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

  private KernelContainer start(ContainerSpec spec, OwnedRoot root, Cgroup cgroup, ContainerIo io)
      throws IOException {
    ProcessSpec process = spec.process();
    try (OpenHandles handles = new OpenHandles();
        CgroupPlacement placement = cgroup.placement()) {
      handles.borrow(StartFacts.ROOT, root.mount());
      NamespaceHandles.open(spec.namespaces(), handles);
      MountPreparation mounts = new MountPreparation(handles, cgroup);
      FactsBuilder facts =
          new FactsBuilder(features, process, UserLookup.in(root.mount()), handles)
              .mounts(
                  mounts.prepare(spec.mounts()),
                  MountPreparation.targets(root.mount(), spec.mounts()))
              .masks(spec)
              .cgroups(placement)
              .filter(filters.filter(spec.seccomp(), process.capabilities()))
              .emptyDirectory(emptyDirectory);
      ChildProcess first =
          starter.start(
              new ProcessStarter.Request(
                  process,
                  facts,
                  mounts.devpts(),
                  handles,
                  complete -> ContainerProgram.compile(spec, complete),
                  spec.resources(),
                  status -> KernelContainer.ended(spec, cgroup, status)),
              io);
      mounts.devpts().ifPresent(handles::keep);
      return new KernelContainer(this, spec, root, cgroup, mounts.devpts(), first);
    }
  }

  /** Runs another process in a container; called by the container itself. */
  ChildProcess exec(KernelContainer container, Fd first, ProcessSpec process, ContainerIo io)
      throws IOException {
    try (OpenHandles handles = new OpenHandles();
        CgroupPlacement placement = container.cgroup().placement()) {
      handles.borrow(StartFacts.CONTAINER, first);
      ContainerSpec spec = container.spec();
      FactsBuilder facts =
          new FactsBuilder(features, process, UserLookup.in(container.rootfs()), handles)
              .cgroups(placement)
              .filter(filters.filter(spec.seccomp(), process.capabilities()));
      return starter.start(
          new ProcessStarter.Request(
              process,
              facts,
              container.devpts(),
              handles,
              complete -> ExecProgram.compile(process, complete),
              spec.resources(),
              UnaryOperator.identity()),
          io);
    }
  }

  /** The container is closed: nothing of it is left to look after. */
  void forget(KernelContainer container) {
    unclosed.remove(container);
  }

  @Override
  public void close() {
    for (KernelContainer container : List.copyOf(unclosed)) {
      try {
        container.close();
      } catch (IOException e) {
        System.getLogger(KernelContainers.class.getName())
            .log(
                System.Logger.Level.WARNING,
                "container {0}: {1}",
                container.spec().id(),
                e.getMessage());
      }
    }
    starter.close();
  }
}
