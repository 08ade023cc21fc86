package io.slipway.cli.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A registry on a free port: ours, or Debian's docker-registry. */
final class RegistryProcess implements AutoCloseable {
  private final int port;
  private final Supplier<ServerProcess> program;
  private ServerProcess server;

  private RegistryProcess(int port, Supplier<ServerProcess> program) {
    this.port = port;
    this.program = program;
    restart();
  }

  /** Starts it on the same port and folders; at first, or after {@link #killHard}. */
  void restart() {
    server = program.get().awaitReady(() -> accepts(port));
  }

  /** kill -9. */
  void killHard() {
    server.killHard();
  }

  static RegistryProcess ours(Path directory) throws IOException {
    int port = freePort();
    Files.createDirectories(directory);
    return new RegistryProcess(
        port,
        () ->
            new ServerProcess(
                directory.resolve("log"),
                Map.of(),
                List.of(
                    SlipwayDaemon.LAUNCHER,
                    "registry",
                    "serve",
                    "--listen",
                    "127.0.0.1:" + port,
                    "--data-root",
                    directory.resolve("data").toString())));
  }

  static RegistryProcess debians(Path directory) throws IOException {
    int port = freePort();
    Files.createDirectories(directory.resolve("data"));
    Path config =
        Files.writeString(
            directory.resolve("config.yml"),
            """
            version: 0.1
            log: {level: error, accesslog: {disabled: true}}
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "127.0.0.1:%d"}
            """
                .formatted(directory.resolve("data"), port));
    return new RegistryProcess(
        port,
        () ->
            new ServerProcess(
                directory.resolve("log"),
                Map.of(),
                List.of("docker-registry", "serve", config.toString())));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  static boolean accepts(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Host and port as in an image's name. */
  String name() {
    return "localhost:" + port;
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    server.close();
  }
}
