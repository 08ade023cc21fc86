package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.MountPoint;
import io.slipway.engine.network.NetworkService;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.cgroup.CgroupMode;
import io.slipway.runtime.container.ContainerStartException;
import io.slipway.runtime.container.Containers;
import io.slipway.runtime.container.RunningContainer;
import io.slipway.runtime.network.BridgeDescription;
import io.slipway.runtime.network.Endpoint;
import io.slipway.runtime.network.EndpointOptions;
import io.slipway.runtime.network.NetworkAttachment;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Gives a container its network and files and runs it; and takes those back at the end. */
final class ContainerStarter {
  private static final String CONTAINER_PREFIX = "container:";

  private final Containers runtime;
  private final ContainerRootfs rootfs;
  private final NetworkService networks;
  private final ContainerStore store;
  private final ContainerFiles files;
  private final ContainerEvents events;
  private final CgroupMode cgroups;
  private final HostDevices devices;
  private final Function<String, Container> peers;
  private final Clock clock;

  ContainerStarter(
      Containers runtime,
      ContainerRootfs rootfs,
      NetworkService networks,
      ContainerStore store,
      ContainerFiles files,
      ContainerEvents events,
      CgroupMode cgroups,
      HostDevices devices,
      Function<String, Container> peers,
      Clock clock) {
    this.runtime = runtime;
    this.rootfs = rootfs;
    this.networks = networks;
    this.store = store;
    this.files = files;
    this.events = events;
    this.cgroups = cgroups;
    this.devices = devices;
    this.peers = peers;
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
      attached = Optional.of(attach(record));
      connected(container, attached.get());
      ContainerSpec spec = spec(record, attached.get());
      writeFiles(record, attached.get());
      mountEvents("mount", record);
      RunningContainer process =
          runtime.start(
              spec,
              rootfs.overlay(record.id()),
              container.streams().io(record.config().openStdin()));
      return new Container.Run(process, attached.get(), clock.instant());
    } catch (IOException | RuntimeException e) {
      StartFailedException failure = failure(e);
      attached.ifPresent(attachment -> undo(record, attachment, failure));
      throw failure;
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
      ContainerRecord record, NetworkAttachment attachment, StartFailedException failure) {
    try {
      disconnected(record);
      attachment.close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static StartFailedException failure(Exception e) {
    return switch (e) {
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
  void release(ContainerRecord record, Container.Run run) throws IOException {
    try {
      disconnected(record);
      run.network().close();
    } finally {
      mountEvents("unmount", record);
      run.process().close();
    }
  }

  private NetworkAttachment attach(ContainerRecord record) throws IOException {
    HostConfig host = record.hostConfig();
    Config config = record.config();
    if (host.networkMode().startsWith(CONTAINER_PREFIX)) {
      return new JoinedNetwork(namespaceOf(host.networkMode(), "net"));
    }
    String network = config.networkDisabled() ? NetworkService.NONE : host.networkMode();
    return networks.attach(
        network,
        record.id(),
        new EndpointOptions(
            record.name(), Optional.empty(), Optional.empty(), PortParser.bindings(config, host)));
  }

  /** Another container's network: nothing to give back. */
  private record JoinedNetwork(Namespaces.Mode namespace) implements NetworkAttachment {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private void connected(Container container, NetworkAttachment attachment) {
    ContainerRecord record = container.record();
    Optional<NetworkService.Network> network = network(record);
    if (network.isEmpty()) {
      return;
    }
    Map<String, EndpointSettings> endpoints = new LinkedHashMap<>();
    endpoints.put(
        network.get().name(), EndpointView.settings(network.get(), attachment.endpoint()));
    container.update(r -> r.withEndpoints(endpoints));
    events.network(
        "connect", network.get().id(), network.get().name(), network.get().driver(), record.id());
  }

  private void disconnected(ContainerRecord record) {
    network(record)
        .ifPresent(n -> events.network("disconnect", n.id(), n.name(), n.driver(), record.id()));
  }

  private Optional<NetworkService.Network> network(ContainerRecord record) {
    String mode = record.hostConfig().networkMode();
    if (mode.startsWith(CONTAINER_PREFIX)) {
      return Optional.empty();
    }
    return Optional.of(
        networks.find(record.config().networkDisabled() ? NetworkService.NONE : mode));
  }

  private void mountEvents(String action, ContainerRecord record) {
    for (MountPoint mount : record.mounts()) {
      if (mount.type().equals("volume")) {
        events.volume(action, mount.name(), mount.destination(), mount.rw(), record.id());
      }
    }
  }

  private void writeFiles(ContainerRecord record, NetworkAttachment attachment) throws IOException {
    Optional<String> gateway =
        networks
            .bridge()
            .map(BridgeDescription::gateway)
            .map(subnet -> subnet.address().toString());
    files.write(
        store.directory(record.id()),
        record.config(),
        record.hostConfig(),
        attachment.endpoint(),
        gateway);
  }

  private Surroundings surroundings(ContainerRecord record, NetworkAttachment attachment)
      throws IOException {
    HostConfig host = record.hostConfig();
    return new Surroundings(
        attachment.namespace(),
        namespace(host.ipcMode(), "ipc"),
        namespace(host.pidMode(), "pid"),
        cgroups == CgroupMode.V2,
        store.directory(record.id()),
        host.privileged() ? devices.list() : List.of());
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
    return new Namespaces.Join(Path.of("/proc/" + pid + "/ns/" + kind));
  }
}
