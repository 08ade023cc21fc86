package io.slipway.cli.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A registry process for the time of a demo. Ends with it, also when it is interrupted. */
final class DemoRegistry implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  private final Process process;
  private final Thread atExit;

  private DemoRegistry(Process process) {
    this.process = process;
    this.atExit = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  static DemoRegistry start(String launcher, int port, Path data)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                launcher,
                "registry",
                "serve",
                "--listen",
                "127.0.0.1:" + port,
                "--data-root",
                data.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    DemoRegistry registry = new DemoRegistry(process);
    try {
      registry.awaitReady(port);
      return registry;
    } catch (IOException | InterruptedException e) {
      registry.close();
      throw e;
    }
  }

  private void awaitReady(int port) throws IOException, InterruptedException {
    Instant limit = Instant.now().plus(START_LIMIT);
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        if (!process.isAlive() || Instant.now().isAfter(limit)) {
          throw new IOException("the registry did not start: " + e.getMessage(), e);
        }
      }
      Thread.sleep(20);
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    process.destroy();
    process.onExit().join();
  }
}
