package io.slipway.registry.http;

import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A server in a process of its own, to be killed. */
final class ServerProcess implements AutoCloseable {
  private static final String READY = "listening on ";

  private final Process process;
  private final ListenAddress address;
  private final long openMillis;

  private ServerProcess(Process process, ListenAddress address, long openMillis) {
    this.openMillis = openMillis;
    this.process = process;
    this.address = address;
  }

  /** The main class of the child: serves the folder until it is killed. */
  static final class Main {
    private Main() {}

    /** {@code arguments}: the data root, and milliseconds between collections (0: none). */
    public static void main(String[] arguments) throws InterruptedException {
      long every = Long.parseLong(arguments[1]);
      RegistrySettings config =
          RegistrySettings.of(
              ListenAddress.parse("127.0.0.1:0"),
              Path.of(arguments[0]),
              Map.of(
                  "upkeep.gc.interval", every + "ms",
                  "upkeep.gc.grace", every * 20 + "ms",
                  "upkeep.gc.removals-per-second", "0"));
      long started = System.nanoTime();
      RegistryServer server = RegistryServer.open(config, System.out::println);
      long millis = (System.nanoTime() - started) / 1_000_000;
      System.out.println(READY + server.address() + " " + millis);
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  static ServerProcess start(Path dataRoot) throws IOException {
    return start(dataRoot, Duration.ZERO);
  }

  /** {@code collections}: how often garbage is collected; zero: never. */
  static ServerProcess start(Path dataRoot, Duration collections) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    // it lives for a moment only
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    dataRoot.toString(),
                    Long.toString(collections.toMillis())))
            .redirectErrorStream(true)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        String[] words = line.substring(READY.length()).split(" ");
        ServerProcess server =
            new ServerProcess(process, ListenAddress.parse(words[0]), Long.parseLong(words[1]));
        // a server that says more must not wait for somebody to read it
        Thread.startVirtualThread(() -> drain(out));
        return server;
      }
      said.append(line).append('\n');
    }
    process.destroyForcibly();
    throw new IOException("the server did not start:\n" + said);
  }

  private static void drain(BufferedReader out) {
    try {
      while (out.readLine() != null) {
        // nobody asked
      }
    } catch (IOException e) {
      // the process is gone
      return;
    }
  }

  /** How long the server took to open its data and listen. */
  long openMillis() {
    return openMillis;
  }

  ListenAddress address() {
    return address;
  }

  @Override
  public void close() {
    kill();
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
