package io.slipway.cli.daemon;

import io.slipway.builder.BuilderParts;
import io.slipway.builder.LocalBuilder;
import io.slipway.engine.build.BuildCacheRoutes;
import io.slipway.engine.build.BuildDebugRoutes;
import io.slipway.engine.build.BuildHistoryRoutes;
import io.slipway.engine.build.BuildRoutes;
import io.slipway.engine.build.BuildSessions;
import io.slipway.engine.container.ContainerRootfs;
import io.slipway.engine.container.ContainerRuntimes;
import io.slipway.engine.container.ContainerService;
import io.slipway.engine.container.ImageStorage;
import io.slipway.engine.http.EngineServer;
import io.slipway.engine.http.Route;
import io.slipway.engine.http.RouteTable;
import io.slipway.engine.image.DistributionRoutes;
import io.slipway.engine.image.ImageArchives;
import io.slipway.engine.image.ImageRemoval;
import io.slipway.engine.image.ImageRoutes;
import io.slipway.engine.image.ImageSpace;
import io.slipway.engine.image.ImageTransfers;
import io.slipway.engine.image.ImageUsers;
import io.slipway.engine.image.ImageViews;
import io.slipway.engine.image.LayoutImages;
import io.slipway.engine.image.StoredImages;
import io.slipway.engine.network.NetworkRoutes;
import io.slipway.engine.network.NetworkService;
import io.slipway.engine.state.DataRootLock;
import io.slipway.engine.state.RunningRecords;
import io.slipway.engine.system.EngineConfig;
import io.slipway.engine.system.EngineIdentity;
import io.slipway.engine.system.EventBus;
import io.slipway.engine.system.SystemFacts;
import io.slipway.engine.system.SystemRoutes;
import io.slipway.engine.volume.VolumeRoutes;
import io.slipway.engine.volume.VolumeService;
import io.slipway.image.archive.ImageArchiveReader;
import io.slipway.image.archive.ImageArchiveWriter;
import io.slipway.image.archive.RootfsImporter;
import io.slipway.image.content.GarbageCollector;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Digest;
import io.slipway.image.model.Platform;
import io.slipway.image.remote.Credentials;
import io.slipway.image.remote.Puller;
import io.slipway.image.remote.Pusher;
import io.slipway.image.remote.RegistryConnections;
import io.slipway.image.remote.RegistrySettings;
import io.slipway.runtime.cgroup.CgroupDriver;
import io.slipway.runtime.container.Containers;
import io.slipway.runtime.container.KernelContainers;
import io.slipway.runtime.network.BridgeClaim;
import io.slipway.runtime.network.HostNetwork;
import io.slipway.runtime.network.KernelNetworks;
import io.slipway.runtime.network.Networks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A running engine: every object of it is made here, in the order in which it needs the others.
 * Closing goes backwards. What an earlier daemon that was killed left behind is removed first, and
 * told.
 */
public final class EngineDaemon implements AutoCloseable {
  private static final int WARM_NETWORKS = 2;

  private final Opened opened = new Opened();
  private final EngineConfig config;
  private final String version;
  private final Consumer<String> log;
  private final Clock clock = Clock.systemUTC();

  private ContainerService containers;
  private EngineServer server;

  private EngineDaemon(EngineConfig config, String version, Consumer<String> log) {
    this.config = config;
    this.version = version;
    this.log = log;
  }

  /**
   * Opens the data root and listens.
   *
   * @param log takes one line at a time from any thread
   * @throws io.slipway.image.error.SlipwayException in one line: the data root is in use, an
   *     address is taken, the kernel lacks something
   */
  public static EngineDaemon open(EngineConfig config, String version, Consumer<String> log)
      throws IOException {
    EngineDaemon daemon = new EngineDaemon(config, version, log);
    try {
      daemon.start();
      return daemon;
    } catch (IOException | RuntimeException e) {
      daemon.opened.closeAfter(e);
      throw e;
    }
  }

  private void start() throws IOException {
    Path data = config.dataRoot();
    opened.keep(DataRootLock.acquire(data));
    String id = DaemonId.of(data);
    EventBus events = new EventBus(clock);
    ImageParts images = opened.keep(ImageParts.open(data, clock));
    CgroupDriver cgroups = CgroupDriver.open(config.cgroupParent());
    opened.keep(cgroups::removeParent);
    KernelContainers runtime = runtime(cgroups);
    ContainerRuntimes runtimes =
        opened.keep(
            ContainerRuntimes.open(
                config.runtimes(), runtime, cgroups, config.execRoot().resolve("bundles")));
    claimNetwork();
    KernelNetworks kernelNetworks = networks(runtime);
    opened.keep(unlessLeaving(kernelNetworks));
    NetworkService networks = NetworkService.open(kernelNetworks, data, id, events, clock, log);
    opened.keep(unlessLeaving(networks));
    VolumeService volumes = VolumeService.open(data, events, clock, log);
    containers =
        ContainerService.open(
            data,
            config.execRoot(),
            new ContainerService.Foundation(
                runtimes,
                cgroups,
                rootfs(images),
                networks,
                volumes,
                events,
                clock,
                config.users()));
    opened.keep(this::closeContainers);
    RegistryConnections registries = opened.keep(new RegistryConnections(RegistrySettings.DEFAULT));
    images.tellRecovery(log);

    EngineIdentity identity = identity(id, cgroups, runtimes);
    VolumeRoutes volumeRoutes = new VolumeRoutes(volumes, containers::usersOfVolume);
    StoredImages stored =
        new StoredImages(images.catalog(), images.verified(), images.layers(), images.snapshots());
    ImageViews views = new ImageViews(stored, images.snapshots(), this::usersOf);
    ImageTransfers transfers = transfers(images, stored, registries, events);
    List<Route> routes = containerRoutes(images);
    routes.addAll(new NetworkRoutes(networks, containers.networking(), clock).routes());
    routes.addAll(volumeRoutes.routes());
    routes.addAll(imageRoutes(images, stored, views, transfers, events));
    routes.addAll(new DistributionRoutes(registries).routes());
    LocalBuilder builder = opened.keep(builder(images, runtime, kernelNetworks, registries));
    routes.addAll(buildRoutes(builder, images, stored, transfers));
    SystemFacts facts =
        new DaemonFacts(images, stored, views, containers, volumeRoutes, builder.cache());
    routes.addAll(systemRoutes(identity, facts, events, registries));
    server =
        opened.keep(
            EngineServer.start(new RouteTable(routes), identity.serverName(), config.listen()));
  }

  private EngineIdentity identity(String id, CgroupDriver cgroups, ContainerRuntimes runtimes) {
    return new EngineIdentity(
        id,
        version,
        "",
        config.dataRoot(),
        cgroups.controllers().isEmpty() ? "none" : "cgroupfs",
        cgroups.mode().version(),
        bridge(),
        List.of(),
        config.liveRestore(),
        config.users().isPresent(),
        runtimes.list());
  }

  /** The bridge is this daemon's alone; rules that may be in its way are told of. */
  private void claimNetwork() throws IOException {
    if (HostNetwork.hasLegacyIptables()) {
      log.accept(
          "this machine has rules of iptables-legacy, which are left alone and may drop containers'"
              + " packets: let the bridges' packets pass its FORWARD chain, or change to"
              + " iptables-nft");
    }
    if (config.bridge().isPresent()) {
      opened.keep(BridgeClaim.take(config.bridge().get().name()));
    }
  }

  /** A container's users may change the settings of its network only if it is theirs. */
  private KernelNetworks networks(KernelContainers runtime) throws IOException {
    if (config.network().isPresent()) {
      return KernelNetworks.open(config.bridge(), WARM_NETWORKS, config.network().get());
    }
    return config.users().isPresent()
        ? KernelNetworks.open(
            config.bridge(), WARM_NETWORKS, () -> runtime.newNetwork(config.users().get()))
        : KernelNetworks.open(config.bridge(), WARM_NETWORKS);
  }

  private KernelContainers runtime(CgroupDriver cgroups) throws IOException {
    KernelContainers runtime =
        opened.keep(KernelContainers.open(cgroups, config.execRoot().resolve("empty")));
    Set<String> known =
        new RunningRecords(config.execRoot()).ids(config.dataRoot().resolve("containers"));
    List<String> leftovers = runtime.removeLeftovers(known);
    if (!leftovers.isEmpty()) {
      log.accept("killed what an earlier daemon left running: " + String.join(", ", leftovers));
    }
    if (config.liveRestore()) {
      runtime.leaveRunning();
    }
    if (config.users().isPresent()) {
      runtime.requireUsers(config.users().get(), config.dataRoot());
    }
    return runtime;
  }

  /** Whether containers are to run on when this daemon has ended. */
  private boolean isLeaving() {
    return config.liveRestore() && hasRunningContainers();
  }

  private void closeContainers() {
    if (config.liveRestore()) {
      containers.leave();
    } else {
      containers.close();
    }
  }

  /** Their bridges and rules stay with containers that run on. */
  private AutoCloseable unlessLeaving(AutoCloseable part) {
    return () -> {
      if (!isLeaving()) {
        part.close();
      }
    };
  }

  private List<Route> containerRoutes(ImageParts images) {
    List<Route> routes = new ArrayList<>(containers.routes());
    ImageStorage storage =
        new ImageStorage(images.catalog(), images.blobs(), images.layers(), images.leases());
    routes.addAll(containers.commitRoutes(storage));
    return routes;
  }

  private static ContainerRootfs rootfs(ImageParts images) {
    return new ContainerRootfs(
        images.lookup(), images.blobs(), images.unpacker(), images.leases(), images.snapshots());
  }

  private static ImageTransfers transfers(
      ImageParts images, StoredImages stored, RegistryConnections registries, EventBus events) {
    return new ImageTransfers(
        stored,
        images.verified(),
        images.leases(),
        new Puller(registries, images.blobs(), images.layers()),
        new Pusher(registries, images.blobs(), images.layers(), images.layerBlobs()),
        images.sink(),
        events);
  }

  private List<Route> systemRoutes(
      EngineIdentity identity, SystemFacts facts, EventBus events, RegistryConnections registries)
      throws IOException {
    return new SystemRoutes(
            identity,
            facts,
            events,
            (host, user, password) -> login(registries, host, user, password),
            clock)
        .routes();
  }

  private List<Route> buildRoutes(
      LocalBuilder builder, ImageParts images, StoredImages stored, ImageTransfers transfers) {
    List<Route> routes = new ArrayList<>();
    BuildSessions sessions = new BuildSessions();
    routes.addAll(
        new BuildRoutes(builder, sessions, stored, transfers, layouts(images, stored)).routes());
    routes.addAll(new BuildDebugRoutes(builder, sessions).routes());
    routes.addAll(new BuildCacheRoutes(builder.cache(), clock).routes());
    routes.addAll(new BuildHistoryRoutes(builder.history()).routes());
    return routes;
  }

  private static LayoutImages layouts(ImageParts images, StoredImages stored) {
    return new LayoutImages(
        stored,
        images.leases(),
        platform ->
            new ImageArchiveReader(images.blobs(), images.layers(), images.sink(), platform));
  }

  private LocalBuilder builder(
      ImageParts images, Containers runtime, Networks networks, RegistryConnections registries)
      throws IOException {
    return LocalBuilder.open(
        new BuilderParts(
            images.catalog(),
            images.blobs(),
            images.leases(),
            images.snapshots(),
            images.snapshots()::list,
            images.unpacker(),
            images.identities(),
            images.layerBlobs(),
            images.layers(),
            registries,
            runtime,
            networks,
            Platform.host()),
        config.builds(),
        config.dataRoot().resolve("build"));
  }

  private List<Route> imageRoutes(
      ImageParts images,
      StoredImages stored,
      ImageViews views,
      ImageTransfers transfers,
      EventBus events) {
    ImageSpace space =
        new ImageSpace(
            stored,
            images.layers(),
            images.snapshots(),
            images.leases(),
            new GarbageCollector(images.blobs(), images.leases()),
            clock);
    ImageArchives archives =
        new ImageArchives(
            stored,
            images.leases(),
            new ImageArchiveReader(images.blobs(), images.layers(), images.sink(), Platform.host()),
            new ImageArchiveWriter(images.blobs(), images.layerBlobs(), Compression.NONE),
            new RootfsImporter(images.blobs(), images.layers(), images.sink()),
            events,
            clock);
    ImageRemoval removal = new ImageRemoval(stored, this::usersOf, space, events);
    return new ImageRoutes(stored, views, removal, transfers, archives, events).routes();
  }

  private List<ImageUsers.User> usersOf(Digest image) {
    return containers.usersOfImage(image.toString()).stream()
        .map(user -> new ImageUsers.User(user.id(), user.running()))
        .toList();
  }

  private static String login(
      RegistryConnections registries, String host, String user, String password)
      throws IOException {
    registries.login(RegistryHost.of(host), new Credentials.Basic(user, password));
    return "";
  }

  private String bridge() {
    return config.bridge().map(b -> b.gateway().toString()).orElse("");
  }

  /** The listeners. */
  public EngineServer server() {
    return server;
  }

  /** Whether a container runs. */
  public boolean hasRunningContainers() {
    return containers != null && containers.counts().running() > 0;
  }

  /** Stops the containers and the listeners, and gives everything back. */
  @Override
  public void close() throws IOException {
    opened.close();
  }
}
