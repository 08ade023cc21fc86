package io.slipway.runtime.network;

import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.util.Optional;

/**
 * A container's hold on its network. Closing it frees address and ports; the interface goes with
 * the namespace, once the last process in it has ended.
 */
public interface NetworkAttachment extends AutoCloseable {

  /** For {@link Namespaces#withNetwork}; valid while this is open. */
  Namespaces.Mode namespace();

  /** Address and ports on the bridge; empty for host and none. */
  Optional<Endpoint> endpoint();

  @Override
  void close() throws IOException;
}
