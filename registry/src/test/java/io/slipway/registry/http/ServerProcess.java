package io.slipway.registry.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A server in a process of its own, to be killed. */
final class ServerProcess implements AutoCloseable {
  private static final String READY = "listening on ";

  private final Process process;
  private final ListenAddress address;

  private ServerProcess(Process process, ListenAddress address) {
    this.process = process;
    this.address = address;
  }

  /** The main class of the child: serves the folder until it is killed. */
  static final class Main {
    private Main() {}

    /** {@code arguments}: the data root. */
    public static void main(String[] arguments) throws InterruptedException {
      RegistryConfig config =
          RegistryConfig.of(ListenAddress.parse("127.0.0.1:0"), Path.of(arguments[0]));
      RegistryServer server = RegistryServer.open(config, System.out::println);
      System.out.println(READY + server.address());
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  static ServerProcess start(Path dataRoot) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName(),
                    dataRoot.toString()))
            .redirectErrorStream(true)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return new ServerProcess(process, ListenAddress.parse(line.substring(READY.length())));
      }
      said.append(line).append('\n');
    }
    process.destroyForcibly();
    throw new IOException("the server did not start:\n" + said);
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
