package io.slipway.cli.daemon;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the daemon that a command starts for itself keeps its files. One per user: root's is the
 * machine's, anybody else's lies in the home folder.
 *
 * @param dataRoot images, snapshots, containers: survives a reboot
 * @param execRoot socket, lock, log: need not
 * @param bridge name of the default network's bridge
 * @param bip the bridge's address and subnet
 */
public record DaemonPaths(Path dataRoot, Path execRoot, String bridge, String bip) {
  /** The socket that commands look for. */
  public Path socket() {
    return execRoot.resolve("slipway.sock");
  }

  /** What the daemon printed. */
  public Path log() {
    return execRoot.resolve("daemon.log");
  }

  /** Held by the command that is starting the daemon. */
  Path startLock() {
    return execRoot.resolve("start.lock");
  }

  /**
   * The paths for an environment, in which a normal user's XDG_DATA_HOME and XDG_RUNTIME_DIR count;
   * SLIPWAY_DATA_ROOT, SLIPWAY_EXEC_ROOT, SLIPWAY_BRIDGE and SLIPWAY_BIP override the defaults.
   */
  public static DaemonPaths of(Map<String, String> environment, String user, Path home) {
    boolean root = user.equals("root");
    Path data =
        root
            ? Path.of("/var/lib/slipway")
            : folder(environment, "XDG_DATA_HOME", home.resolve(".local/share")).resolve("slipway");
    Path exec =
        root
            ? Path.of("/run/slipway")
            : folder(environment, "XDG_RUNTIME_DIR", home.resolve(".cache")).resolve("slipway");
    return new DaemonPaths(
        Path.of(environment.getOrDefault("SLIPWAY_DATA_ROOT", data.toString())),
        Path.of(environment.getOrDefault("SLIPWAY_EXEC_ROOT", exec.toString())),
        environment.getOrDefault("SLIPWAY_BRIDGE", "slipway0"),
        environment.getOrDefault("SLIPWAY_BIP", "172.29.0.1/16"));
  }

  /** As the XDG specification has it, an empty variable is none, and so is a relative path. */
  private static Path folder(Map<String, String> environment, String variable, Path otherwise) {
    Path named = Path.of(environment.getOrDefault(variable, ""));
    return named.isAbsolute() ? named : otherwise;
  }

  /** The paths of this process's user. */
  public static DaemonPaths ofProcess() {
    return of(
        System.getenv(), System.getProperty("user.name"), Path.of(System.getProperty("user.home")));
  }
}
