package io.slipway.runtime.network;

import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A container's hold on its network. Closing it frees addresses and ports; the interfaces go with
 * the namespace, once the last process in it has ended.
 */
public interface NetworkAttachment extends AutoCloseable {

  /** For {@link Namespaces#withNetwork}; valid while this is open. */
  Namespaces.Mode namespace();

  /** Its place on the first bridge; empty for host and none. */
  Optional<Endpoint> endpoint();

  /** What is published now. */
  List<PublishedPort> ports();

  @Override
  void close() throws IOException;
}
