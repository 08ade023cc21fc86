package io.slipway.benchmarks.registry;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A server that is measured: a process of its own on a port of its own. */
final class Contender implements AutoCloseable {
  private static final int START_TRIES = 6_000;
  static final String SLIPWAY = "slipway";
  static final String NGINX = "nginx";
  static final String PEER = "docker-registry";
  private static final double TICKS_PER_SECOND = 100;

  private final String name;
  private final boolean guarded;
  private final Path folder;
  private final int port;
  private final Process process;
  private final double startMillis;

  private Contender(
      String name, boolean guarded, Path folder, int port, Process process, double startMillis) {
    this.name = name;
    this.guarded = guarded;
    this.folder = folder;
    this.port = port;
    this.process = process;
    this.startMillis = startMillis;
  }

  /** {@code launcher}: the slipway command of this checkout. */
  static Contender slipway(Path launcher, Path folder) throws IOException, InterruptedException {
    return slipway(launcher, folder, Optional.empty());
  }

  /** {@code users}: a file of users, without whose password nobody gets in. */
  static Contender slipway(Path launcher, Path folder, Optional<Path> users)
      throws IOException, InterruptedException {
    int port = freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                launcher.toString(),
                "registry",
                "serve",
                "--listen",
                "127.0.0.1:" + port,
                "--data-root",
                folder.resolve("data").toString()));
    users.ifPresent(file -> command.addAll(List.of("--htpasswd", file.toString())));
    return start(SLIPWAY, users.isPresent(), port, folder, command);
  }

  /** Debian's docker-registry with its file system driver and nothing that slows it down. */
  static Contender distribution(Path folder) throws IOException, InterruptedException {
    return distribution(folder, Optional.empty());
  }

  static Contender distribution(Path folder, Optional<Path> users)
      throws IOException, InterruptedException {
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
        %s
        """
            .formatted(
                folder.resolve("data"),
                port,
                users.map("auth: {htpasswd: {realm: bench, path: %s}}"::formatted).orElse("")));
    return start(
        PEER,
        users.isPresent(),
        port,
        folder,
        List.of("docker-registry", "serve", config.toString()));
  }

  /** nginx over files that are laid as the addresses of a registry: what reading costs at least. */
  static Contender nginx(Path folder) throws IOException, InterruptedException {
    int port = freePort();
    Path config = folder.resolve("nginx.conf");
    Files.createDirectories(folder.resolve("html"));
    Files.writeString(
        config,
        """
        daemon off;
        pid %1$s/pid;
        worker_processes auto;
        events { worker_connections 256; }
        http {
          sendfile on; tcp_nopush on; access_log off; server_tokens off;
          keepalive_requests 1000000000; open_file_cache max=100;
          client_body_temp_path %1$s/t1; proxy_temp_path %1$s/t2; fastcgi_temp_path %1$s/t3;
          uwsgi_temp_path %1$s/t4; scgi_temp_path %1$s/t5;
          server { listen 127.0.0.1:%2$d; root %1$s/html; default_type application/octet-stream; }
        }
        """
            .formatted(folder, port));
    return start(
        NGINX,
        false,
        port,
        folder,
        List.of("nginx", "-e", "stderr", "-p", folder.toString(), "-c", config.toString()));
  }

  /** Whether it can be pushed to. */
  boolean isRegistry() {
    return !name.equals(NGINX);
  }

  boolean isOurs() {
    return name.equals(SLIPWAY);
  }

  /** Whether it wants a password. */
  boolean isGuarded() {
    return guarded;
  }

  /** Where its files are. */
  Path folder() {
    return folder;
  }

  /** Returns when it has answered a request. */
  private static Contender start(
      String name, boolean guarded, int port, Path folder, List<String> command)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    for (int i = 0; i < START_TRIES && process.isAlive(); i++) {
      try (RawClient client = new RawClient(port)) {
        client.send("GET", "/v2/", new byte[0]);
        double millis = (System.nanoTime() - begin) / 1e6;
        return new Contender(name, guarded, folder, port, process, millis);
      } catch (IOException notYet) {
        Thread.sleep(5);
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

  /** User and system time so far, of its worker processes too. */
  double cpuSeconds() throws IOException {
    double sum = cpuSeconds(process.pid());
    for (ProcessHandle worker : process.children().toList()) {
      sum += cpuSeconds(worker.pid());
    }
    return sum;
  }

  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  /** A line of /proc/PID/status in MiB, VmRSS or VmHWM, of all its processes. */
  double statusMiB(String field) throws IOException {
    double sum = statusMiB(process.pid(), field);
    for (ProcessHandle worker : process.children().toList()) {
      sum += statusMiB(worker.pid(), field);
    }
    return sum;
  }

  private static double statusMiB(long pid, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("no " + field);
  }

  /** Makes VmHWM begin anew. */
  void forgetPeak() throws IOException {
    Files.writeString(Path.of("/proc/" + process.pid() + "/clear_refs"), "5");
  }

  /** kill -9. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
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
