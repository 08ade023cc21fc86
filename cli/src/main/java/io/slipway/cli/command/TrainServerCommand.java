package io.slipway.cli.command;

import io.slipway.cli.daemon.DaemonPaths;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.http.RegistryServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The trial run that the launcher records for the start-up cache of servers: on data roots of their
 * own, a registry takes an image and gives it back, and an engine builds one.
 */
final class TrainServerCommand implements Command {
  private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MANIFEST =
      """
      {"schemaVersion":2,"mediaType":"%1$s","config":{"mediaType":"%2$s","digest":"%3$s","size":2},\
      "layers":[]}\
      """
          .formatted(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG, Digest.of(CONFIG))
          .getBytes(StandardCharsets.US_ASCII);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Override
  public void describe(CommandSpec spec) {
    new Options(spec).words();
  }

  @Override
  public String arguments() {
    return "";
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("slipway-train");
    try {
      checkSettings(directory);
      // twice, since a data root that exists is opened otherwise
      for (int i = 0; i < 2; i++) {
        RegistrySettings settings =
            RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), directory.resolve("data"));
        try (RegistryServer server = RegistryServer.open(settings, line -> {})) {
          converse(server.address());
        }
      }
      trainEngine(directory);
    } finally {
      empty(directory);
    }
    return 0;
  }

  /** An engine, if this machine and user can have one; it ends by itself when nothing is left. */
  private static void trainEngine(Path directory) throws IOException, InterruptedException {
    Path socket = directory.resolve("sock");
    Console console = console(System.err);
    List<String> daemon =
        List.of(
            "daemon",
            "-H",
            "unix://" + socket,
            "--data-root",
            directory.resolve("engine").toString(),
            "--exec-root",
            directory.resolve("exec").toString(),
            "--bridge",
            "none",
            "--idle-stop",
            "1s");
    Thread engine = Thread.ofPlatform().start(() -> run(daemon, console));
    Instant end = Instant.now().plus(PATIENCE);
    while (!Files.exists(socket) && engine.isAlive() && Instant.now().isBefore(end)) {
      Thread.sleep(10);
    }
    if (Files.exists(socket)) {
      Path context = Files.createDirectory(directory.resolve("context"));
      Files.writeString(
          context.resolve("Dockerfile"),
          "FROM scratch\nARG A\nENV B=$A\nWORKDIR /app\nCOPY . .\nCMD [\"/none\"]\n");
      for (int i = 0; i < 3; i++) {
        Files.writeString(context.resolve("file"), "content " + i / 2);
        askEngine(socket, console, "build", "-t", "a", context.toString());
      }
      askEngine(socket, console, "images");
      // there is no program to be run: the failure comes late enough
      askEngine(socket, console, "run", "--rm", "--network", "none", "a");
      askEngine(socket, console, "ps", "-a");
    }
    engine.join(PATIENCE);
  }

  private static void askEngine(Path socket, Console console, String... words) {
    run(Stream.concat(Stream.of("-H", "unix://" + socket), Stream.of(words)).toList(), console);
  }

  private static void run(List<String> words, Console console) {
    try {
      new CommandLineRunner(
              SlipwayCommands.table(), console, host -> Main.connect(host, DaemonPaths.ofProcess()))
          .run(words);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Console console(PrintStream out) {
    return new Console(new ByteArrayInputStream(new byte[0]), out, out, false, false, false);
  }

  private static void checkSettings(Path directory) {
    run(
        List.of("registry", "config", "check", "--data-root", directory.resolve("x").toString()),
        console(new PrintStream(OutputStream.nullOutputStream())));
  }

  private static void converse(ListenAddress address) throws IOException {
    String blob = "/v2/train/blobs/" + Digest.of(CONFIG);
    String manifest = "/v2/train/manifests/latest";
    try (Socket socket = new Socket(address.host(), address.port())) {
      ask(socket, "GET", "/v2/", new byte[0], 200);
      ask(socket, "POST", "/v2/train/blobs/uploads/?digest=" + Digest.of(CONFIG), CONFIG, 201);
      ask(socket, "PUT", manifest, MANIFEST, 201);
      ask(socket, "GET", blob, new byte[0], 200);
      ask(socket, "GET", manifest, new byte[0], 200);
      ask(socket, "GET", "/v2/train/tags/list", new byte[0], 200);
      ask(socket, "GET", "/v2/train/manifests/none", new byte[0], 404);
    }
  }

  private static void ask(Socket socket, String method, String target, byte[] body, int status)
      throws IOException {
    String head =
        "%s %s HTTP/1.1\r\nHost: train\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(method, target, MediaTypes.OCI_MANIFEST, body.length);
    OutputStream out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body);
    byte[] answer = new byte[64 * 1024];
    int length = Math.max(0, socket.getInputStream().read(answer));
    String begin = new String(answer, 0, length, StandardCharsets.ISO_8859_1);
    if (!begin.startsWith("HTTP/1.1 " + status)) {
      throw new IOException(method + " " + target + ": want " + status + ", got " + begin);
    }
  }

  private static void empty(Path directory) throws IOException {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
