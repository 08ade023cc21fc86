package io.slipway.engine.container;

import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.MountPoint;
import io.slipway.engine.network.NetworkService;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.RunningRecord;
import io.slipway.engine.volume.VolumeService;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.cgroup.CgroupMode;
import io.slipway.runtime.container.ContainerIo;
import io.slipway.runtime.container.ContainerStartException;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.container.UnknownUserException;
import io.slipway.runtime.network.BridgeDescription;
import io.slipway.runtime.network.Endpoint;
import io.slipway.runtime.network.NetworkAttachment;
import io.slipway.runtime.network.PublishedPort;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Gives a container its network and files and runs it; and takes those back at the end. */
final class ContainerStarter {
  private static final System.Logger LOG = System.getLogger("io.slipway.engine.container");
  private static final String CONTAINER_PREFIX = "container:";

  private final ContainerRuntimes runtimes;
  private final ContainerRootfs rootfs;
  private final NetworkService networks;
  private final ContainerNetworking networking;
  private final VolumeService volumes;
  private final ContainerStore store;
  private final ContainerFiles files;
  private final ContainerEvents events;
  private final CgroupMode cgroups;
  private final Function<String, Container> peers;
  private final Optional<IdMappings> remap;
  private final Clock clock;

  ContainerStarter(
      ContainerRuntimes runtimes,
      ContainerRootfs rootfs,
      NetworkService networks,
      ContainerNetworking networking,
      VolumeService volumes,
      ContainerStore store,
      ContainerFiles files,
      ContainerEvents events,
      CgroupMode cgroups,
      Function<String, Container> peers,
      Optional<IdMappings> remap,
      Clock clock) {
    this.runtimes = runtimes;
    this.rootfs = rootfs;
    this.networks = networks;
    this.networking = networking;
    this.volumes = volumes;
    this.store = store;
    this.files = files;
    this.events = events;
    this.cgroups = cgroups;
    this.peers = peers;
    this.remap = remap;
    this.clock = clock;
  }

  /** A start that failed and left nothing behind. */
  static final class StartFailedException extends SlipwayException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private StartFailedException(ErrorKind kind, int exitCode, String message, Throwable cause) {
      super(kind, message, cause);
      this.exitCode = exitCode;
    }

    /** What {@code wait} and inspect report: 126, 127 or 128. */
    int exitCode() {
      return exitCode;
    }
  }

  Container.Run start(Container container) {
    ContainerRecord record = container.record();
    Optional<NetworkAttachment> attached = Optional.empty();
    try {
      attached = Optional.of(attach(container));
      record = container.record();
      writeFiles(record);
      MountSources.acquire(volumes, record);
      return run(container, record, attached.get());
    } catch (IOException | RuntimeException e) {
      StartFailedException failure = failure(e);
      attached.ifPresent(attachment -> undo(container, attachment, failure));
      throw failure;
    }
  }

  /**
   * Goes on with a container that an earlier daemon started, also if it has ended meanwhile; empty
   * if nothing of it is left.
   */
  Optional<Container.Run> adopt(Container container, RunningRecord running) throws IOException {
    ContainerRecord record = container.record();
    ContainerSpec spec = SpecCompiler.compile(record, surroundingsOf(record));
    ContainerIo io = container.streams().io(record.config().openStdin());
    Optional<RunningContainer> adopted =
        runtimes.named(record.hostConfig().runtime()).adopt(spec, io);
    if (adopted.isEmpty()) {
      return Optional.empty();
    }
    RunningContainer process = adopted.get();
    MountSources.acquire(volumes, record);
    return Optional.of(
        new Container.Run(process, network(record, running, process), record.state().startedAt()));
  }

  /** What it joined it is in already; only which namespaces are its own matters. */
  private Surroundings surroundingsOf(ContainerRecord record) {
    HostConfig host = record.hostConfig();
    return new Surroundings(
        ownOr(host.networkMode(), record, "net"),
        ownOr(host.ipcMode(), record, "ipc"),
        ownOr(host.pidMode(), record, "pid"),
        cgroups == CgroupMode.V2,
        store.directory(record.id()),
        DeviceGrants.NONE,
        users(record));
  }

  private Surroundings.Users users(ContainerRecord record) {
    Optional<IdMappings> mappings = UserRules.of(record.hostConfig(), remap);
    if (mappings.isEmpty()) {
      return Surroundings.Users.OF_HOST;
    }
    Set<String> own =
        record.mounts().stream()
            .filter(m -> m.type().equals("volume"))
            .map(MountPoint::name)
            .filter(name -> volumes.find(name).map(v -> v.options().isEmpty()).orElse(false))
            .collect(Collectors.toSet());
    return new Surroundings.Users(mappings, own);
  }

  private Namespaces.Mode ownOr(String mode, ContainerRecord record, String kind) {
    return mode.startsWith(CONTAINER_PREFIX) || kind.equals("net")
        ? new Namespaces.Join(namespacePath(record.state().pid(), kind))
        : namespace(mode, kind);
  }

  private static Path namespacePath(int pid, String kind) {
    return Path.of("/proc/" + pid + "/ns/" + kind);
  }

  /** Without its networks a container runs on: that they are lost is told. */
  private NetworkAttachment network(
      ContainerRecord record, RunningRecord running, RunningContainer process) throws IOException {
    NetworkAttachment nothing =
        new JoinedNetwork(new Namespaces.Join(namespacePath(process.pid(), "net")));
    if (record.hostConfig().networkMode().startsWith(CONTAINER_PREFIX)) {
      return nothing;
    }
    try {
      NetworkAttachment adopted = networking.adopt(record, running, process.pid());
      // while it has its number, the namespace of that number was its own
      if (process.signal(0)) {
        return adopted;
      }
      adopted.close();
    } catch (IOException | RuntimeException e) {
      if (process.signal(0)) {
        LOG.log(
            System.Logger.Level.ERROR,
            "container " + record.name() + " runs on without its networks: " + e.getMessage());
      }
    }
    return nothing;
  }

  private Container.Run run(Container container, ContainerRecord record, NetworkAttachment network)
      throws IOException {
    try (MountSources sources = new MountSources(rootfs, volumes)) {
      ContainerSpec spec = spec(sources.resolve(record), network);
      mountEvents("mount", record);
      RunningContainer process =
          runtimes
              .named(record.hostConfig().runtime())
              .start(
                  spec,
                  rootfs.overlay(record.id()),
                  container.streams().io(record.config().openStdin()));
      return new Container.Run(process, network, clock.instant());
    } catch (IOException | RuntimeException e) {
      try {
        MountSources.release(volumes, record);
      } catch (IOException failed) {
        e.addSuppressed(failed);
      }
      throw e;
    }
  }

  private ContainerSpec spec(ContainerRecord record, NetworkAttachment attachment)
      throws IOException {
    ContainerSpec spec = SpecCompiler.compile(record, surroundings(record, attachment));
    HostConfig host = record.hostConfig();
    boolean ownPids = host.pidMode().isEmpty() || host.pidMode().equals("private");
    if (Boolean.TRUE.equals(host.init()) && ownPids) {
      Path init = InitProgram.ofHost().require();
      return spec.with(s -> s.initBinary(Optional.of(init)));
    }
    return spec;
  }

  private void undo(
      Container container, NetworkAttachment attachment, StartFailedException failure) {
    try {
      networking.released(container);
      attachment.close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static StartFailedException failure(Exception e) {
    return switch (e) {
      case UnknownUserException unknown ->
          new StartFailedException(ErrorKind.INTERNAL, 128, unknown.getMessage(), unknown);
      case ContainerStartException start ->
          new StartFailedException(
              start.exitCode() == 128 ? ErrorKind.INTERNAL : ErrorKind.INVALID,
              start.exitCode(),
              "failed to start container: " + start.getMessage(),
              start);
      case SlipwayException known ->
          new StartFailedException(known.kind(), 128, known.getMessage(), known);
      default ->
          new StartFailedException(
              ErrorKind.INTERNAL, 128, "failed to start container: " + e.getMessage(), e);
    };
  }

  /** Takes back what {@link #start} gave, after the process has ended. */
  void release(Container container, Container.Run run) throws IOException {
    try {
      networking.released(container);
      run.network().close();
    } finally {
      mountEvents("unmount", container.record());
      MountSources.release(volumes, container.record());
      run.process().close();
    }
  }

  private NetworkAttachment attach(Container container) throws IOException {
    HostConfig host = container.record().hostConfig();
    return host.networkMode().startsWith(CONTAINER_PREFIX)
        ? new JoinedNetwork(namespaceOf(host.networkMode(), "net"))
        : networking.attach(container);
  }

  /** Another container's network: nothing to give back. */
  private record JoinedNetwork(Namespaces.Mode namespace) implements NetworkAttachment {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.empty();
    }

    @Override
    public List<PublishedPort> ports() {
      return List.of();
    }

    @Override
    public void close() {}
  }

  private void mountEvents(String action, ContainerRecord record) {
    for (MountPoint mount : record.mounts()) {
      if (mount.type().equals("volume")) {
        events.volume(action, mount.name(), mount.destination(), mount.rw(), record.id());
      }
    }
  }

  private void writeFiles(ContainerRecord record) throws IOException {
    if (record.hostConfig().networkMode().startsWith(CONTAINER_PREFIX)) {
      // Who shares another container's network shares its names too.
      return;
    }
    Optional<String> gateway =
        networks
            .bridge()
            .map(BridgeDescription::gateway)
            .map(subnet -> subnet.address().toString());
    files.write(store.directory(record.id()), record, gateway, links(record));
  }

  /** The old way to find containers by name, for the default bridge alone. */
  private List<ContainerFiles.Peer> links(ContainerRecord record) {
    List<ContainerFiles.Peer> links = new ArrayList<>();
    if (!record.endpoints().containsKey(NetworkService.BRIDGE)) {
      return links;
    }
    for (String text : record.hostConfig().links()) {
      EndpointWishes.Link link = EndpointWishes.Link.parse(text);
      Container peer = peers.apply(link.container());
      EndpointSettings place = peer.record().endpoints().get(NetworkService.BRIDGE);
      if (peer.run().isEmpty() || place == null || place.ipAddress().isEmpty()) {
        throw SlipwayException.invalid(
            "Cannot link to a non running container: /%s AS /%s/%s"
                .formatted(peer.record().name(), record.name(), link.alias()));
      }
      List<String> names =
          Stream.of(link.alias(), peer.record().config().hostname(), peer.record().name())
              .distinct()
              .toList();
      links.add(new ContainerFiles.Peer(place.ipAddress(), names));
    }
    return links;
  }

  private Surroundings surroundings(ContainerRecord record, NetworkAttachment attachment)
      throws IOException {
    HostConfig host = record.hostConfig();
    return new Surroundings(
        attachment.namespace(),
        namespace(host.ipcMode(), "ipc"),
        namespace(host.pidMode(), "pid"),
        cgroups == CgroupMode.V2,
        store.directory(filesOf(host).orElse(record.id())),
        DeviceGrants.of(host),
        users(record));
  }

  /** Whose {@code hosts} and {@code resolv.conf} it sees, if not its own. */
  private Optional<String> filesOf(HostConfig host) {
    String mode = host.networkMode();
    return mode.startsWith(CONTAINER_PREFIX)
        ? Optional.of(peers.apply(mode.substring(CONTAINER_PREFIX.length())).id())
        : Optional.empty();
  }

  private Namespaces.Mode namespace(String mode, String kind) {
    return switch (mode) {
      case "", "private", "shareable" -> new Namespaces.Private();
      case "host" -> new Namespaces.Host();
      default -> {
        if (!mode.startsWith(CONTAINER_PREFIX)) {
          throw SlipwayException.invalid("invalid " + kind + " mode: " + mode);
        }
        yield namespaceOf(mode, kind);
      }
    };
  }

  private Namespaces.Mode namespaceOf(String mode, String kind) {
    Container peer = peers.apply(mode.substring(CONTAINER_PREFIX.length()));
    int pid = peer.requireRunning().pid();
    return new Namespaces.Join(namespacePath(pid, kind));
  }
}
