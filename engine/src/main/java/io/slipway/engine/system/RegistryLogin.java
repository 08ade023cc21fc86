package io.slipway.engine.system;

import java.io.IOException;

/** Checks credentials with a registry; kept nowhere. */
@FunctionalInterface
public interface RegistryLogin {
  /**
   * Tries to log in.
   *
   * @param server registry host, perhaps with scheme and path as old configs write it; empty for
   *     Docker Hub
   * @return an identity token to use instead of the password, or empty
   * @throws io.slipway.image.error.SlipwayException {@code UNAUTHORIZED} when they are wrong, with
   *     the registry's reason; {@code UNAVAILABLE} when it cannot be reached
   */
  String login(String server, String user, String password)
      throws IOException, InterruptedException;
}
