package io.slipway.cli.daemon;

import io.slipway.image.name.Repository;

/** The registry that a login names, perhaps with scheme and path as old configurations write it. */
final class RegistryHost {
  private RegistryHost() {}

  static String of(String server) {
    String host = server.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    return host.isEmpty() || host.equals("index.docker.io") ? Repository.DEFAULT_DOMAIN : host;
  }
}
