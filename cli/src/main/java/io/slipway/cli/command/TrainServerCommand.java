package io.slipway.cli.command;

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
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The trial run that the launcher records for the start-up cache of servers: a registry on a data
 * root of its own takes an image and gives it back.
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
    } finally {
      empty(directory);
    }
    return 0;
  }

  private static void checkSettings(Path directory) throws InterruptedException {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Console console =
        new Console(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false, false, false);
    new CommandLineRunner(SlipwayCommands.table(), console, host -> null)
        .run(
            List.of(
                "registry", "config", "check", "--data-root", directory.resolve("x").toString()));
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
