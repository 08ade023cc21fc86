package io.slipway.runtime.network;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.util.Optional;

/** The networks of a daemon, made directly in the kernel. */
public final class KernelNetworks implements Networks {
  private final NetworkNamespaces namespaces;
  private final Optional<BridgeNetwork> bridge;

  private KernelNetworks(NetworkNamespaces namespaces, Optional<BridgeNetwork> bridge) {
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
    NetworkNamespaces namespaces = new NetworkNamespaces(warmNamespaces);
    try {
      Optional<BridgeNetwork> opened =
          bridge.isPresent()
              ? Optional.of(BridgeNetwork.open(bridge.get(), namespaces))
              : Optional.empty();
      return new KernelNetworks(namespaces, opened);
    } catch (IOException | RuntimeException e) {
      namespaces.close();
      throw e;
    }
  }

  @Override
  public NetworkAttachment attach(NetworkMode mode, String containerId, EndpointOptions options)
      throws IOException {
    return switch (mode) {
      case HOST -> new Plain(new Namespaces.Host(), () -> {});
      case NONE -> isolated();
      case BRIDGE ->
          bridge
              .orElseThrow(() ->
                  new SlipwayException(
                      ErrorKind.NOT_FOUND,
                      "network bridge not found: the daemon was started with --bridge none"))
              .attach(containerId, options);
    };
  }

  private NetworkAttachment isolated() throws IOException {
    NetworkNamespace namespace = namespaces.take();
    namespace.routes().close();
    return new Plain(
        new Namespaces.Join(namespace.descriptor().path()), namespace.descriptor()::close);
  }

  @Override
  public Optional<BridgeDescription> bridge() {
    return bridge.map(BridgeNetwork::description);
  }

  /** A network without addresses of ours. */
  private record Plain(Namespaces.Mode namespace, Runnable end) implements NetworkAttachment {
    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.empty();
    }

    @Override
    public void close() {
      end.run();
    }
  }

  @Override
  public void close() throws IOException {
    namespaces.close();
    if (bridge.isPresent()) {
      bridge.get().close();
    }
  }
}
