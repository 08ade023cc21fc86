package io.slipway.engine.container;

import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.model.EndpointSettings;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
import io.slipway.runtime.network.PublishedPort;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.UsageMeter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Containers as the API shows them. */
final class ContainerViews {
  private final ContainerStore store;
  private final ContainerRootfs rootfs;
  private final Clock clock;

  ContainerViews(ContainerStore store, ContainerRootfs rootfs, Clock clock) {
    this.store = store;
    this.rootfs = rootfs;
    this.clock = clock;
  }

  ContainerJson inspect(Container container, boolean size, List<String> execIds)
      throws IOException {
    ContainerRecord record = container.record();
    List<String> command = SpecCompiler.command(record.config());
    Path directory = store.directory(record.id());
    Optional<Sizes> sizes = size ? Optional.of(sizes(record.id())) : Optional.empty();
    return new ContainerJson(
        record.id(),
        record.created(),
        command.getFirst(),
        command.subList(1, command.size()),
        state(record.state()),
        record.imageId(),
        directory.resolve("resolv.conf").toString(),
        directory.resolve("hostname").toString(),
        directory.resolve("hosts").toString(),
        record.hostConfig().logConfig().type().equals("json-file")
            ? container.log().files().file().toString()
            : "",
        "/" + record.name(),
        record.restartCount(),
        "overlay2",
        "linux",
        "",
        "",
        SecurityCompiler.appArmor(record.hostConfig()).orElse(""),
        execIds.isEmpty() ? null : execIds,
        record.hostConfig(),
        graphDriver(record.id()),
        sizes.map(Sizes::own).orElse(null),
        sizes.map(Sizes::all).orElse(null),
        record.mounts(),
        record.config(),
        network(container));
  }

  private static ContainerJson.State state(ContainerState state) {
    ContainerStatus status = state.status();
    return new ContainerJson.State(
        status,
        status.isRunning(),
        status == ContainerStatus.PAUSED,
        status == ContainerStatus.RESTARTING,
        state.oomKilled(),
        status == ContainerStatus.DEAD,
        state.pid(),
        state.exitCode(),
        state.error(),
        state.startedAt(),
        state.finishedAt(),
        state.health());
  }

  private ContainerJson.GraphDriver graphDriver(String id) {
    Map<String, String> data = new LinkedHashMap<>();
    Snapshot active = rootfs.active(id);
    data.put(
        "LowerDir",
        active.overlay().lowers().stream().map(Path::toString).collect(Collectors.joining(":")));
    active
        .overlay()
        .writable()
        .ifPresent(writable -> {
          data.put("UpperDir", writable.upper().toString());
          data.put("WorkDir", writable.work().toString());
        });
    return new ContainerJson.GraphDriver("overlay2", data);
  }

  private ContainerJson.NetworkSettings network(Container container) {
    ContainerRecord record = container.record();
    Map<String, EndpointSettings> networks = networks(container);
    EndpointSettings bridge = networks.get("bridge");
    return new ContainerJson.NetworkSettings(
        "",
        "",
        record.state().pid() > 0 ? "/proc/" + record.state().pid() + "/ns/net" : "",
        EndpointView.ports(exposed(container), published(container)),
        bridge == null ? "" : bridge.endpointId(),
        bridge == null ? "" : bridge.gateway(),
        bridge == null ? "" : bridge.ipAddress(),
        bridge == null ? 0 : bridge.ipPrefixLen(),
        bridge == null ? "" : bridge.macAddress(),
        networks);
  }

  /** Shown while it has an address of its own at which the ports can be reached. */
  private static Set<String> exposed(Container container) {
    boolean reachable =
        container.run().map(run -> run.network().endpoint().isPresent()).orElse(false);
    return reachable ? container.record().config().exposedPorts().keySet() : Set.of();
  }

  private static List<PublishedPort> published(Container container) {
    return container.run().map(run -> run.network().ports()).orElse(List.of());
  }

  /** What it has while it runs; before and after, what it asks for. */
  static Map<String, EndpointSettings> networks(Container container) {
    ContainerRecord record = container.record();
    String mode = record.hostConfig().networkMode();
    if (mode.startsWith("container:")) {
      return Map.of();
    }
    if (!record.endpoints().isEmpty()) {
      return record.endpoints();
    }
    String name = mode.isEmpty() || mode.equals("default") ? "bridge" : mode;
    return Map.of(name, EndpointSettings.EMPTY);
  }

  ContainerSummary summary(Container container, boolean size) throws IOException {
    ContainerRecord record = container.record();
    Optional<Sizes> sizes = size ? Optional.of(sizes(record.id())) : Optional.empty();
    return new ContainerSummary(
        record.id(),
        List.of("/" + record.name()),
        record.config().image(),
        record.imageId(),
        String.join(" ", SpecCompiler.command(record.config())),
        record.created().getEpochSecond(),
        ports(exposed(container), published(container)),
        sizes.map(Sizes::own).orElse(null),
        sizes.map(Sizes::all).orElse(null),
        record.config().labels(),
        record.state().status(),
        StatusText.of(record.state(), clock.instant()),
        new ContainerSummary.HostSummary(shownMode(record.hostConfig())),
        new ContainerSummary.NetworkSummary(networks(container)),
        record.mounts());
  }

  private static String shownMode(HostConfig host) {
    return host.networkMode().isEmpty() ? "bridge" : host.networkMode();
  }

  private static List<ContainerSummary.Port> ports(
      Set<String> exposedPorts, List<PublishedPort> bindings) {
    List<ContainerSummary.Port> all = new ArrayList<>();
    for (String exposed : exposedPorts) {
      PortParser.Port port = PortParser.port(exposed);
      boolean published =
          bindings.stream()
              .anyMatch(b -> b.containerPort() == port.number() && b.protocol() == port.protocol());
      if (!published) {
        all.add(new ContainerSummary.Port(null, port.number(), null, port.protocol().label()));
      }
    }
    for (PublishedPort binding : bindings) {
      all.add(
          new ContainerSummary.Port(
              binding.hostAddress().toString(),
              binding.containerPort(),
              binding.hostPort(),
              binding.protocol().label()));
    }
    return all;
  }

  /** Bytes of a container's own changes, and of everything it sees. */
  record Sizes(long own, long all) {}

  Sizes sizes(String id) throws IOException {
    Snapshot active = rootfs.active(id);
    long own = UsageMeter.measure(active.changes()).bytes();
    long all = own;
    Optional<io.slipway.runtime.snapshot.SnapshotKey> below = active.parent();
    while (below.isPresent()) {
      Optional<Snapshot> parent = rootfs.snapshots().find(below.get());
      if (parent.isPresent() && parent.get() instanceof Snapshot.Committed committed) {
        all += committed.usage().bytes();
      }
      below = parent.flatMap(Snapshot::parent);
    }
    return new Sizes(own, all);
  }
}
