package io.slipway.cli.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Debian's dockerd in folders of its own. Usually without a bridge and without touching netfilter:
 * containers run with {@code --network none} or {@code host}.
 */
final class PeerDockerd implements AutoCloseable {
  private static final List<String> NO_NETWORKS =
      List.of("--bridge", "none", "--iptables=false", "--ip6tables=false");

  private final Path socket;
  private final ServerProcess server;

  PeerDockerd(Path directory) throws java.io.IOException {
    this(directory, List.of("dockerd"), NO_NETWORKS);
  }

  /** With networks and packet rules, in a network namespace that plays the machine. */
  static PeerDockerd withNetworks(Path directory) throws java.io.IOException {
    return new PeerDockerd(
        directory,
        List.of("unshare", "--net", "sh", "-c", "ip link set lo up; exec dockerd \"$@\"", "sh"),
        List.of("--bip", "10.193.0.1/24"));
  }

  private PeerDockerd(Path directory, List<String> program, List<String> networks)
      throws java.io.IOException {
    Files.createDirectories(directory);
    List<String> command = new ArrayList<>(program);
    command.addAll(
        List.of(
            "--data-root",
            directory.resolve("data").toString(),
            "--exec-root",
            directory.resolve("exec").toString(),
            "--pidfile",
            directory.resolve("pid").toString(),
            "-H",
            "unix://" + directory.resolve("peer.sock")));
    command.addAll(networks);
    this.socket = directory.resolve("peer.sock");
    this.server = new ServerProcess(directory.resolve("dockerd.log"), Map.of(), command);
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
