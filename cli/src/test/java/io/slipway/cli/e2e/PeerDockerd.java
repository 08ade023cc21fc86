package io.slipway.cli.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Debian's dockerd in folders of its own. Usually without a bridge and without touching netfilter:
 * containers run with {@code --network none} or {@code host}.
 */
final class PeerDockerd implements AutoCloseable {
  private static final List<String> NO_NETWORKS =
      List.of("--bridge", "none", "--iptables=false", "--ip6tables=false");

  private final Path socket;
  private final Optional<Path> programs;
  private final ServerProcess server;

  PeerDockerd(Path directory) throws java.io.IOException {
    this(directory, List.of("dockerd"), NO_NETWORKS, Optional.empty());
  }

  /** Another dockerd than the installed one, with its client, containerd and runc in one folder. */
  static PeerDockerd of(Path programs, Path directory) throws java.io.IOException {
    List<String> command = List.of(programs.resolve("dockerd").toString());
    return new PeerDockerd(directory, command, NO_NETWORKS, Optional.of(programs));
  }

  /** With networks and packet rules, in a network namespace that plays the machine. */
  static PeerDockerd withNetworks(Path directory) throws java.io.IOException {
    return new PeerDockerd(
        directory,
        List.of("unshare", "--net", "sh", "-c", "ip link set lo up; exec dockerd \"$@\"", "sh"),
        List.of("--bip", "10.193.0.1/24"),
        Optional.empty());
  }

  private PeerDockerd(
      Path directory, List<String> program, List<String> networks, Optional<Path> programs)
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
    this.programs = programs;
    Map<String, String> path =
        programs.map(p -> Map.of("PATH", p + ":" + System.getenv("PATH"))).orElse(Map.of());
    this.server = new ServerProcess(directory.resolve("dockerd.log"), path, command);
    Shell probe = shell(directory);
    server.awaitReady(() -> probe.run("docker", "version").exitCode() == 0);
  }

  Path socket() {
    return socket;
  }

  /** The client that came with it, because it brings its own BuildKit client. */
  String client() {
    return programs.map(p -> p.resolve("docker").toString()).orElse("/usr/bin/docker");
  }

  /** A shell whose docker commands go to this daemon. */
  Shell shell(Path directory) {
    return new Shell(directory, Map.of("DOCKER_HOST", "unix://" + socket, "DOCKER_BUILDKIT", "1"));
  }

  /** Ends the daemon and removes its folders, quicker and quieter than JUnit would. */
  @Override
  public void close() {
    server.close();
    String folder = socket.getParent().toString();
    new Shell(SlipwayDaemon.ROOT, Map.of()).run("rm", "-rf", "--one-file-system", folder).text();
  }
}
