package io.slipway.cli.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Debian's dockerd in folders of its own, without a bridge and without touching netfilter:
 * containers run with {@code --network none} or {@code host}.
 */
final class PeerDockerd implements AutoCloseable {
  private final Path socket;
  private final ServerProcess server;

  PeerDockerd(Path directory) throws java.io.IOException {
    Files.createDirectories(directory);
    this.socket = directory.resolve("peer.sock");
    this.server =
        new ServerProcess(
            directory.resolve("dockerd.log"),
            Map.of(),
            List.of(
                "dockerd",
                "--data-root",
                directory.resolve("data").toString(),
                "--exec-root",
                directory.resolve("exec").toString(),
                "--pidfile",
                directory.resolve("pid").toString(),
                "-H",
                "unix://" + socket,
                "--bridge",
                "none",
                "--iptables=false",
                "--ip6tables=false"));
    Shell probe = shell(directory);
    server.awaitReady(() -> probe.run("docker", "version").exitCode() == 0);
  }

  Path socket() {
    return socket;
  }

  /** A shell whose docker commands go to this daemon. */
  Shell shell(Path directory) {
    return new Shell(directory, Map.of("DOCKER_HOST", "unix://" + socket, "DOCKER_BUILDKIT", "1"));
  }

  @Override
  public void close() {
    server.close();
  }
}
