package io.slipway.engine.container;

import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.layer.ChangeKind;
import io.slipway.runtime.layer.ChangeVisitor;
import io.slipway.runtime.layer.ChangeWalk;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.LayerWriter;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is in a container's file tree: as a tar, and as differences to its image. */
final class ContainerFilesystem {
  /** Made by the engine at start, no part of what the container changed. */
  private static final Set<String> STUBS =
      Set.of(
          ContainerRootfs.MARKER,
          "dev",
          "proc",
          "sys",
          "etc/hosts",
          "etc/hostname",
          "etc/resolv.conf",
          "etc/mtab");

  private final ContainerRootfs rootfs;

  ContainerFilesystem(ContainerRootfs rootfs) {
    this.rootfs = rootfs;
  }

  /** A line of {@code docker diff}: 0 changed, 1 added, 2 deleted. */
  record Change(String path, int kind) {}

  List<Change> changes(Container container) throws IOException {
    Snapshot active = rootfs.active(container.id());
    List<Change> changes = new ArrayList<>();
    Changes visitor = new Changes(changes);
    Optional<Snapshot> below = active.parent().flatMap(rootfs.snapshots()::find);
    if (below.isEmpty()) {
      ChangeWalk.walk(active.changes(), Optional.empty(), STUBS, visitor);
      return changes;
    }
    try (MountedView view = rootfs.snapshots().view(below.get())) {
      ChangeWalk.walk(active.changes(), Optional.of(view.root()), STUBS, visitor);
    }
    return changes;
  }

  private record Changes(List<Change> found) implements ChangeVisitor {
    @Override
    public void present(ChangeKind kind, String path, Dir dir, String name, FileStatus status) {
      found.add(new Change("/" + path, kind == ChangeKind.ADDED ? 1 : 0));
    }

    @Override
    public void deleted(String path) {
      found.add(new Change("/" + path, 2));
    }
  }

  /** Writes what the container changed as a layer's tar. */
  void writeChanges(Container container, OutputStream out) throws IOException {
    Snapshot active = rootfs.active(container.id());
    LayerWriter writer = new LayerWriter(new WriterOptions(Optional.empty(), STUBS));
    Optional<Snapshot> below = active.parent().flatMap(rootfs.snapshots()::find);
    if (below.isEmpty()) {
      writer.write(active.changes(), Optional.empty(), out);
      return;
    }
    try (MountedView view = rootfs.snapshots().view(below.get())) {
      writer.write(active.changes(), Optional.of(view.root()), out);
    }
  }

  /** Writes the whole tree as a tar, without what is mounted into it. */
  void export(Container container, OutputStream out) throws IOException {
    Optional<Container.Run> run = container.run();
    if (run.isPresent()) {
      exportRunning(run.get().process(), out);
      return;
    }
    // held so that the container does not start and mount the same directories a second time
    container.lifecycle().lock();
    try (MountedView view = rootfs.snapshots().view(rootfs.active(container.id()))) {
      new LayerWriter(WriterOptions.PLAIN).write(view.root(), Optional.empty(), out);
    } finally {
      container.lifecycle().unlock();
    }
  }

  /** Its mounts hang in the tree that the daemon sees, the kernel's views among them. */
  private static void exportRunning(RunningContainer process, OutputStream out) throws IOException {
    Set<String> mounted =
        process.spec().mounts().stream()
            .map(mount -> mount.target().substring(1) + "/")
            .collect(Collectors.toSet());
    WriterOptions options =
        new WriterOptions(Optional.empty(), mounted, process.spec().namespaces().user());
    new LayerWriter(options).write(process.rootfs().path(), Optional.empty(), out);
  }
}
