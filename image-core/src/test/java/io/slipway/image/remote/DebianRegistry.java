package io.slipway.image.remote;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry on a free loopback port with a folder of its own. */
public final class DebianRegistry implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofSeconds(20);

  /** bcrypt of {@code secret}. */
  private static final String HTPASSWD =
      "me:$2b$04$PknTCdgw9ip8X447wSjT5.9id9hGTeuvZiywyqgX3ZcDvK0xCxrFe\n";

  private final Process process;
  private final int port;

  private DebianRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** User {@code me} with password {@code secret}, or anybody without authorization. */
  public static DebianRegistry start(Path root, boolean authorization) throws IOException {
    int port = freePort();
    Files.createDirectories(root.resolve("data"));
    String config =
        """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
        http: {addr: "127.0.0.1:%d"}
        """
            .formatted(root.resolve("data"), port);
    if (authorization) {
      Files.writeString(root.resolve("htpasswd"), HTPASSWD);
      config += "auth: {htpasswd: {realm: test, path: %s}}%n".formatted(root.resolve("htpasswd"));
    }
    Path file = Files.writeString(root.resolve("config.yml"), config);
    Process process =
        new ProcessBuilder("docker-registry", "serve", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("log").toFile())
            .start();
    DebianRegistry registry = new DebianRegistry(process, port);
    registry.awaitStart();
    return registry;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private void awaitStart() throws IOException {
    Instant end = Instant.now().plus(START_PATIENCE);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        return;
      } catch (IOException e) {
        if (Instant.now().isAfter(end) || !process.isAlive()) {
          close();
          throw e;
        }
      }
      sleep();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** Host and port, as in references. */
  public String domain() {
    return "localhost:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
