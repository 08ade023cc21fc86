package io.slipway.engine;

import io.slipway.builder.BuilderSettings;
import io.slipway.builder.context.ArchiveLimits;
import io.slipway.engine.container.ContainerRootfs;
import io.slipway.engine.container.ContainerRuntimes;
import io.slipway.engine.container.ContainerService;
import io.slipway.engine.http.EngineServer;
import io.slipway.engine.http.ListenAddress;
import io.slipway.engine.http.Route;
import io.slipway.engine.http.RouteTable;
import io.slipway.engine.network.NetworkRoutes;
import io.slipway.engine.network.NetworkService;
import io.slipway.engine.state.DataRootLock;
import io.slipway.engine.state.RunningRecords;
import io.slipway.engine.system.EngineConfig;
import io.slipway.engine.system.EngineIdentity;
import io.slipway.engine.system.EventBus;
import io.slipway.engine.system.RuntimeSettings;
import io.slipway.engine.system.Runtimes;
import io.slipway.engine.system.SystemFacts;
import io.slipway.engine.system.SystemRoutes;
import io.slipway.engine.volume.VolumeRoutes;
import io.slipway.engine.volume.VolumeService;
import io.slipway.image.catalog.FileCatalog;
import io.slipway.image.catalog.FileLayerIndex;
import io.slipway.image.catalog.ImageLookup;
import io.slipway.image.content.DirectoryBlobStore;
import io.slipway.image.content.Leases;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.cgroup.KernelCgroupDriver;
import io.slipway.runtime.container.KernelContainers;
import io.slipway.runtime.network.KernelNetworks;
import io.slipway.runtime.rootfs.BlobRootfsUnpacker;
import io.slipway.runtime.rootfs.LayerUnpacker;
import io.slipway.runtime.snapshot.OverlaySnapshotter;
import io.slipway.runtime.spec.IdMappings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A whole daemon without images or builds over HTTP: images are put into its catalog directly. */
public final class TestDaemon implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<String> leftovers;
  private final ContainerService containers;

  private TestDaemon(EngineConfig config, String id) throws IOException {
    try {
      Clock clock = Clock.systemUTC();
      Path data = config.dataRoot();
      keep(DataRootLock.acquire(data));
      Leases leases = new Leases();
      DirectoryBlobStore blobs = DirectoryBlobStore.open(data.resolve("blobs"), Duration.ZERO);
      FileCatalog catalog = FileCatalog.open(data.resolve("images"), clock);
      FileLayerIndex layers = FileLayerIndex.open(data.resolve("images/layers"));
      OverlaySnapshotter snapshots =
          keep(OverlaySnapshotter.open(data.resolve("snapshots"), leases));
      KernelCgroupDriver cgroups = KernelCgroupDriver.open(config.cgroupParent());
      open.push(cgroups::removeParent);
      KernelContainers runtime =
          keep(KernelContainers.open(cgroups, config.execRoot().resolve("empty")));
      leftovers =
          runtime.removeLeftovers(
              new RunningRecords(config.execRoot()).ids(data.resolve("containers")));
      ContainerRuntimes runtimes =
          keep(
              ContainerRuntimes.open(
                  config.runtimes(), runtime, cgroups, config.execRoot().resolve("bundles")));
      KernelNetworks kernelNetworks = keep(networks(config, runtime));
      EventBus events = new EventBus(clock);
      NetworkService networks =
          keep(NetworkService.open(kernelNetworks, data, id, events, clock, System.err::println));
      VolumeService volumes = VolumeService.open(data, events, clock, System.err::println);
      ContainerRootfs rootfs =
          new ContainerRootfs(
              new ImageLookup(catalog),
              blobs,
              new BlobRootfsUnpacker(snapshots, new LayerUnpacker(snapshots), blobs, layers),
              leases,
              snapshots);
      containers =
          keep(
              ContainerService.open(
                  data,
                  config.execRoot(),
                  new ContainerService.Foundation(
                      runtimes,
                      cgroups,
                      rootfs,
                      networks,
                      volumes,
                      events,
                      clock,
                      config.users())));
      EngineIdentity identity =
          new EngineIdentity(
              id,
              "0.1.0",
              "",
              data,
              "cgroupfs",
              cgroups.mode().version(),
              "",
              List.of(),
              false,
              config.users().isPresent(),
              runtimes.list());
      VolumeRoutes volumeRoutes = new VolumeRoutes(volumes, containers::usersOfVolume);
      List<Route> routes = new ArrayList<>(containers.routes());
      routes.addAll(new NetworkRoutes(networks, containers.networking(), clock).routes());
      routes.addAll(volumeRoutes.routes());
      routes.addAll(
          new SystemRoutes(
                  identity,
                  facts(catalog, volumeRoutes),
                  events,
                  (server, user, password) -> {
                    throw SlipwayException.invalid("no registry in this test");
                  },
                  clock)
              .routes());
      keep(EngineServer.start(new RouteTable(routes), identity.serverName(), config.listen()));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static KernelNetworks networks(EngineConfig config, KernelContainers runtime)
      throws IOException {
    if (config.users().isEmpty()) {
      return KernelNetworks.open(config.bridge(), 2);
    }
    runtime.requireUsers(config.users().get(), config.dataRoot());
    return KernelNetworks.open(config.bridge(), 2, () -> runtime.newNetwork(config.users().get()));
  }

  private SystemFacts facts(FileCatalog catalog, VolumeRoutes volumes) {
    return new SystemFacts() {
      @Override
      public ContainerCounts containers() {
        ContainerService.Counts counts = containers.counts();
        return new ContainerCounts(
            counts.all(), counts.running(), counts.paused(), counts.stopped());
      }

      @Override
      public int images() {
        return catalog.list().size();
      }

      @Override
      public DiskUsage diskUsage() throws IOException {
        return new DiskUsage(0, List.of(), containers.usage(), volumes.usage(), List.of());
      }
    };
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.push(part);
    return part;
  }

  /** Containers of an earlier daemon whose processes this one killed. */
  List<String> leftovers() {
    return leftovers;
  }

  static TestDaemon start(Path directory, String name, String bip) throws IOException {
    return start(directory, name, bip, Runtimes.OWN);
  }

  /**
   * @param runtime what runs containers that name none
   */
  static TestDaemon start(Path directory, String name, String bip, String runtime)
      throws IOException {
    return start(directory, name, bip, runtime, Optional.empty());
  }

  /**
   * @param users whom containers have in the place of the host's users
   */
  static TestDaemon start(Path directory, String name, String bip, Optional<IdMappings> users)
      throws IOException {
    return start(directory, name, bip, Runtimes.OWN, users);
  }

  private static TestDaemon start(
      Path directory, String name, String bip, String runtime, Optional<IdMappings> users)
      throws IOException {
    EngineConfig config =
        new EngineConfig(
            List.of(new ListenAddress.Unix(directory.resolve("sock"))),
            directory.resolve("data"),
            directory.resolve("exec"),
            bip.isEmpty() ? Optional.empty() : EngineConfig.bridge(name, bip),
            name,
            new BuilderSettings(OptionalLong.empty(), Optional.empty(), 0, ArchiveLimits.DEFAULTS),
            false,
            new RuntimeSettings(Map.of(), runtime),
            users,
            Optional.empty());
    return new TestDaemon(config, name);
  }

  /**
   * In a process of its own, to be killed. Says with one line that it is ready, with another how
   * many milliseconds it took.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (TestDaemon daemon = start(Path.of(args[0]), args[1], args[2])) {
      System.out.println("ready " + daemon.leftovers());
      System.out.println((System.nanoTime() - begin) / 1_000_000);
      Thread.currentThread().join();
    }
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        failure = new IllegalStateException("daemon does not close: " + e, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
