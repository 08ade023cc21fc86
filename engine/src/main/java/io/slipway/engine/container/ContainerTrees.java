package io.slipway.engine.container;

import io.slipway.engine.model.MountPoint;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.runtime.layer.GraftedTree;
import io.slipway.runtime.layer.Grafts;
import io.slipway.runtime.snapshot.MountedView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Opens what a container sees as its file tree, volumes and bind mounts included. While it runs,
 * the kernel has mounted them; before and after, they are grafted.
 */
final class ContainerTrees {
  private static final List<String> OWN_FILES = List.of("hosts", "hostname", "resolv.conf");

  /** What the kernel makes there is not the container's, as in Docker. */
  private static final Grafts RUNNING = Grafts.closing(Set.of("proc", "sys", "dev"));

  private final ContainerRootfs rootfs;
  private final ContainerStore store;

  ContainerTrees(ContainerRootfs rootfs, ContainerStore store) {
    this.rootfs = rootfs;
    this.store = store;
  }

  /** What is done with an open tree. */
  @FunctionalInterface
  interface Use<T> {
    T use(GraftedTree tree) throws IOException;
  }

  /** Opens the tree, uses and closes it. A container that does not run cannot start meanwhile. */
  <T> T with(Container container, Use<T> use) throws IOException {
    Optional<GraftedTree> running = running(container);
    if (running.isPresent()) {
      try (GraftedTree tree = running.get()) {
        return use.use(tree);
      }
    }
    container.lifecycle().lock();
    try {
      if (container.run().isPresent()) {
        return with(container, use);
      }
      try (MountedView view = rootfs.snapshots().view(rootfs.active(container.id()));
          GraftedTree tree = GraftedTree.open(view.root(), grafts(container.record()))) {
        return use.use(tree);
      }
    } finally {
      container.lifecycle().unlock();
    }
  }

  private static Optional<GraftedTree> running(Container container) throws IOException {
    // held so that the descriptor is not closed, and its number given away, before it is reopened
    container.lifecycle().lock();
    try {
      Optional<Container.Run> run = container.run();
      return run.isEmpty()
          ? Optional.empty()
          : Optional.of(
              GraftedTree.open(
                  run.get().process().rootfs().path(),
                  RUNNING,
                  run.get().process().spec().namespaces().user()));
    } finally {
      container.lifecycle().unlock();
    }
  }

  private Grafts grafts(ContainerRecord record) throws IOException {
    Map<String, Path> points = new LinkedHashMap<>();
    for (String name : OWN_FILES) {
      Path file = store.directory(record.id()).resolve(name);
      if (Files.exists(file)) {
        points.put("/etc/" + name, file);
      }
    }
    for (MountPoint mount : record.mounts()) {
      boolean ofHost = mount.type().equals("bind") || mount.type().equals("volume");
      if (ofHost && Files.exists(Path.of(mount.source()))) {
        points.put(mount.destination(), Path.of(mount.source()).toRealPath());
      }
    }
    return Grafts.of(points);
  }
}
