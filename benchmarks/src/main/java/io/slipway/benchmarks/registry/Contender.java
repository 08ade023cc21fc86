package io.slipway.benchmarks.registry;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server that is measured: a process of its own on a port of its own. */
final class Contender implements AutoCloseable {
  private static final int START_TRIES = 600;
  private static final double TICKS_PER_SECOND = 100;

  private final String name;
  private final int port;
  private final Process process;
  private final double startMillis;

  private Contender(String name, int port, Process process, double startMillis) {
    this.name = name;
    this.port = port;
    this.process = process;
    this.startMillis = startMillis;
  }

  /** {@code launcher}: the slipway command of this checkout. */
  static Contender slipway(Path launcher, Path folder) throws IOException, InterruptedException {
    int port = freePort();
    return start(
        "slipway",
        port,
        folder,
        List.of(
            launcher.toString(),
            "registry",
            "serve",
            "--listen",
            "127.0.0.1:" + port,
            "--data-root",
            folder.resolve("data").toString()));
  }

  /** Debian's docker-registry with its file system driver and nothing that slows it down. */
  static Contender distribution(Path folder) throws IOException, InterruptedException {
    int port = freePort();
    Path config = folder.resolve("config.yml");
    Files.createDirectories(folder);
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage:
          cache: {blobdescriptor: inmemory}
          filesystem: {rootdirectory: %s}
          delete: {enabled: true}
        http: {addr: "127.0.0.1:%d", secret: benchmark}
        """
            .formatted(folder.resolve("data"), port));
    return start(
        "docker-registry", port, folder, List.of("docker-registry", "serve", config.toString()));
  }

  private static Contender start(String name, int port, Path folder, List<String> command)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    for (int i = 0; i < START_TRIES && process.isAlive(); i++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        double millis = (System.nanoTime() - begin) / 1e6;
        return new Contender(name, socket.getPort(), process, millis);
      } catch (IOException notYet) {
        Thread.sleep(10);
      }
    }
    process.destroyForcibly();
    throw new IOException(name + " did not start:\n" + Files.readString(folder.resolve("log")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  double startMillis() {
    return startMillis;
  }

  /** User and system time so far. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** A line of /proc/PID/status in MiB: VmRSS, VmHWM. */
  double statusMiB(String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("no " + field);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
