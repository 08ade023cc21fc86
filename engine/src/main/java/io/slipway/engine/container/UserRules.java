package io.slipway.engine.container;

import io.slipway.engine.model.HostConfig;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.IdMappings;
import java.util.Optional;

/**
 * Whose users a container has: those of {@code --userns-remap}, unless it asks for the host's. What
 * a container with users of its own cannot have is refused in dockerd's words.
 */
final class UserRules {
  private static final String HOST = "host";

  private UserRules() {}

  /**
   * The container's own users, if it has some.
   *
   * @param remap those that the daemon was started with
   */
  static Optional<IdMappings> of(HostConfig host, Optional<IdMappings> remap) {
    return host.usernsMode().equals(HOST) ? Optional.empty() : remap;
  }

  static void check(HostConfig host, Optional<IdMappings> remap) {
    if (!host.usernsMode().isEmpty() && !host.usernsMode().equals(HOST)) {
      throw SlipwayException.invalid("invalid user namespace mode: " + host.usernsMode());
    }
    if (of(host, remap).isEmpty()) {
      return;
    }
    if (host.privileged()) {
      throw SlipwayException.invalid(
          "privileged mode is incompatible with user namespaces.  You must run the container in"
              + " the host namespace when running privileged mode");
    }
    if (host.networkMode().equals(HOST)) {
      throw SlipwayException.invalid(
          "cannot share the host's network namespace when user namespaces are enabled");
    }
    if (host.pidMode().equals(HOST)) {
      throw SlipwayException.invalid(
          "cannot share the host PID namespace when user namespaces are enabled");
    }
  }
}
