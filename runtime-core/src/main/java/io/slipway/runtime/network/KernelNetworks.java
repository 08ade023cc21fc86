package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The networks of a daemon, made directly in the kernel. */
public final class KernelNetworks implements Networks {
  private final NetworkNamespaces namespaces;
  private final Optional<BridgeNetwork> bridge;
  private final PortPublisher publisher;
  private final NameServer nameServer = new NameServer();

  private KernelNetworks(
      NetworkNamespaces namespaces, Optional<BridgeNetwork> bridge, HostPorts ports)
      throws IOException {
    this.publisher = new PortPublisher(ports);
    this.namespaces = namespaces;
    this.bridge = bridge;
  }

  /**
   * Sets the default bridge up; a few milliseconds.
   *
   * @param bridge empty for a daemon without one ({@code --bridge none})
   * @param warmNamespaces how many namespaces are kept ready for the next containers, 0 for none
   */
  public static KernelNetworks open(Optional<BridgeDescription> bridge, int warmNamespaces)
      throws IOException {
    return open(
        bridge,
        new NetworkNamespaces(warmNamespaces, NetworkNamespace::create),
        new HostPorts.Own());
  }

  /**
   * As {@link #open(Optional, int)}, for a daemon whose network is not the machine's.
   *
   * @param outside its connection to the machine's
   */
  public static KernelNetworks open(
      Optional<BridgeDescription> bridge, int warmNamespaces, UserNetwork outside)
      throws IOException {
    return open(
        bridge,
        new NetworkNamespaces(warmNamespaces, NetworkNamespace::create),
        new ForwardedPorts(outside));
  }

  /** Makes a network namespace; its caller closes the descriptor. */
  @FunctionalInterface
  public interface NamespaceMaker {
    Fd make() throws IOException;
  }

  /**
   * As {@link #open(Optional, int)}, for containers whose network belongs to other users.
   *
   * @param maker makes their namespaces
   */
  public static KernelNetworks open(
      Optional<BridgeDescription> bridge, int warmNamespaces, NamespaceMaker maker)
      throws IOException {
    return open(
        bridge,
        new NetworkNamespaces(warmNamespaces, () -> NetworkNamespace.of(maker.make())),
        new HostPorts.Own());
  }

  private static KernelNetworks open(
      Optional<BridgeDescription> bridge, NetworkNamespaces namespaces, HostPorts ports)
      throws IOException {
    try {
      Optional<BridgeNetwork> opened =
          bridge.isPresent()
              ? Optional.of(BridgeNetwork.open(bridge.get(), Optional.empty()))
              : Optional.empty();
      return new KernelNetworks(namespaces, opened, ports);
    } catch (IOException | RuntimeException e) {
      namespaces.close();
      throw e;
    }
  }

  @Override
  public NetworkAttachment attach(NetworkMode mode, String containerId, EndpointOptions options)
      throws IOException {
    return switch (mode) {
      case HOST -> new HostAttachment();
      case NONE -> connected(containerId, List.of());
      case BRIDGE ->
          connected(containerId, List.of(new Sandbox.Connection(defaultBridge(), options)));
    };
  }

  private Sandbox connected(String containerId, List<Sandbox.Connection> connections)
      throws IOException {
    Sandbox sandbox = sandbox(containerId, List.of(), List.of());
    try {
      sandbox.connect(connections);
      return sandbox;
    } catch (IOException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  @Override
  public BridgeNetwork defaultBridge() {
    return bridge.orElseThrow(() ->
        new SlipwayException(
            ErrorKind.NOT_FOUND,
            "network bridge not found: the daemon was started with --bridge none"));
  }

  @Override
  public BridgeNetwork add(String network, BridgeDescription description) throws IOException {
    return BridgeNetwork.open(description, Optional.of(network));
  }

  @Override
  public Sandbox sandbox(String containerId, List<PortBinding> ports, List<DnsUpstream> upstream)
      throws IOException {
    return new Sandbox(containerId, namespaces.take(), ports, publisher, nameServer, upstream);
  }

  @Override
  public Sandbox adopt(
      String containerId, Path namespace, List<PortBinding> ports, List<DnsUpstream> upstream)
      throws IOException {
    NetworkNamespace own = NetworkNamespace.of(namespace);
    return new Sandbox(containerId, own, ports, publisher, nameServer, upstream);
  }

  @Override
  public Optional<BridgeDescription> bridge() {
    return bridge.map(BridgeNetwork::description);
  }

  /** The machine's own network: nothing is given, nothing is taken back. */
  private record HostAttachment() implements NetworkAttachment {
    @Override
    public Namespaces.Mode namespace() {
      return new Namespaces.Host();
    }

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

  @Override
  public void close() throws IOException {
    namespaces.close();
    try (nameServer) {
      if (bridge.isPresent()) {
        bridge.get().close();
      }
    }
  }
}
