package io.slipway.cli.daemon;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Privileges;
import io.slipway.runtime.network.UserNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the launcher has told a normal user's daemon, and what such a daemon cannot do. */
public final class RootlessRules {
  /** Properties that {@code dev/rootless} sets. */
  private static final String NETWORK = "slipway.rootless.network";

  private static final String FIRST_PORT = "slipway.rootless.first-port";

  private RootlessRules() {}

  /** Its connection to the machine's network; empty for a daemon that is in it. */
  public static Optional<UserNetwork> network() {
    return Optional.ofNullable(System.getProperty(NETWORK))
        .map(socket -> new UserNetwork(Path.of(socket), Integer.getInteger(FIRST_PORT)));
  }

  /**
   * Checks what a daemon is started with.
   *
   * @throws SlipwayException naming what cannot be, and what can
   */
  static void check(DaemonOptions options) throws IOException {
    if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      throw new SlipwayException(
          ErrorKind.FORBIDDEN,
          "the daemon needs root for mounts, namespaces and networks: start it with the program"
              + " slipway, which makes a normal user root of namespaces of their own");
    }
    if (!Privileges.own().isRootless()) {
      return;
    }
    if (!options.remap().isEmpty()) {
      throw refused("--userns-remap", "its containers have users of their own already");
    }
    if (!options.runtimes().added().isEmpty()) {
      throw refused("--add-runtime", "its containers are started by itself only");
    }
    if (options.liveRestore()) {
      throw refused("--live-restore", "its containers end with it");
    }
    for (String address : options.listen()) {
      if (options.network().isPresent() && !address.startsWith("unix://")) {
        throw refused("-H " + address, "its ports are not the machine's: use unix:///path");
      }
    }
  }

  private static SlipwayException refused(String option, String reason) {
    return new SlipwayException(
        ErrorKind.UNSUPPORTED, option + " is not possible for a daemon without root: " + reason);
  }
}
