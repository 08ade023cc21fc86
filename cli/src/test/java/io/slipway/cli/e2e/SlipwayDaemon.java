package io.slipway.cli.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A daemon of the program under test, started through the launcher with folders, bridge and subnet
 * of its own, so that tests, developers and installations never meet.
 */
final class SlipwayDaemon implements AutoCloseable {
  /** The checkout that is tested. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** The launcher. */
  static final String LAUNCHER = ROOT.resolve("slipway").toString();

  private final Path directory;
  private final Network network;
  private final List<String> settings;
  private ServerProcess server;

  /** A bridge name (at most 15 characters) and its address. */
  record Network(String bridge, String bip) {
    static Network numbered(int number) {
      return new Network(
          "slipt" + number + "x" + ProcessHandle.current().pid() % 10000,
          "10." + (180 + number) + ".0.1/24");
    }
  }

  SlipwayDaemon(Path directory, Network network, String... settings) throws IOException {
    this.directory = directory;
    this.network = network;
    this.settings = List.of(settings);
    Files.createDirectories(directory);
    start();
  }

  void start(String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                LAUNCHER,
                "daemon",
                "-H",
                "unix://" + socket(),
                "--data-root",
                directory.resolve("data").toString(),
                "--exec-root",
                directory.resolve("exec").toString(),
                "--bridge",
                network.bridge(),
                "--bip",
                network.bip()));
    command.addAll(settings);
    command.addAll(List.of(options));
    server = new ServerProcess(directory.resolve("daemon.log"), Map.of(), command);
    Shell probe = shell(directory);
    server.awaitReady(() -> probe.run(LAUNCHER, "version").exitCode() == 0);
  }

  Path socket() {
    return directory.resolve("slipway.sock");
  }

  Path dataRoot() {
    return directory.resolve("data");
  }

  ServerProcess process() {
    return server;
  }

  /** Ends the daemon as an administrator does; {@link #start} brings the next one up. */
  void stop() {
    server.close();
  }

  /** kill -9; {@link #start} brings the next one up on the same folders. */
  void killHard() {
    server.killHard();
  }

  /** The cgroup that the daemon has below each hierarchy's root. */
  String cgroupName() {
    CRC32 sum = new CRC32();
    sum.update(dataRoot().toString().getBytes(StandardCharsets.UTF_8));
    return "slipway-" + Long.toHexString(sum.getValue());
  }

  Network network() {
    return network;
  }

  /** A shell whose docker and slipway commands go to this daemon. */
  Shell shell(Path where) {
    return new Shell(where, Map.of("DOCKER_HOST", "unix://" + socket(), "DOCKER_BUILDKIT", "0"));
  }

  /** Imports a base image made by {@code samples/make-base}. */
  void importBase(String name) {
    Shell shell = shell(ROOT);
    String tar = shell.run("samples/make-base", name).text().strip();
    shell.run(LAUNCHER, "import", tar, name + ":latest").text();
  }

  /** Ends the daemon and removes its folders, quicker and quieter than JUnit would. */
  @Override
  public void close() {
    server.close();
    new Shell(ROOT, Map.of()).run("rm", "-rf", "--one-file-system", directory.toString()).text();
  }
}
