package io.slipway.cli.command;

import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.auth.HtpasswdFile;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.http.RegistryServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The trial run that the launcher records for the registry's start-up cache: servers with a data
 * root of their own take an image and give it back, often enough that the JVM notes which code is
 * worth compiling first.
 */
final class TrainRegistryCommand implements Command {
  private static final int PULLS = 1_000;
  private static final int LAYER_BYTES = 12 << 20;
  private static final int LAYERS = 4;
  private static final String USER = "trial";
  private static final byte[] CONFIG = ascii("{}");
  private static final byte[] MANIFEST =
      ascii(
          """
          {"schemaVersion":2,"mediaType":"%1$s","config":{"mediaType":"%2$s","digest":"%3$s","size":2},\
          "layers":[]}\
          """
              .formatted(MediaTypes.OCI_MANIFEST, MediaTypes.OCI_CONFIG, Digest.of(CONFIG)));

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public int run(Invocation call) throws IOException, InterruptedException {
    Trial.run(folder -> {
      checkSettings(folder);
      Path users = folder.resolve("users");
      HtpasswdFile.put(users, USER, USER);
      serve(folder, Map.of());
      // a data root that exists is opened otherwise
      serve(folder, Map.of("auth.scheme", "basic", "auth.htpasswd", users.toString()));
    });
    return 0;
  }

  private static void checkSettings(Path folder) throws InterruptedException {
    Trial.command(
        List.of("registry", "config", "check", "--data-root", folder.resolve("x").toString()),
        new PrintStream(OutputStream.nullOutputStream()));
  }

  private static void serve(Path folder, Map<String, String> more) throws IOException {
    RegistrySettings settings =
        RegistrySettings.of(ListenAddress.parse("127.0.0.1:0"), folder.resolve("data"), more);
    try (RegistryServer server = RegistryServer.open(settings, line -> {});
        Socket socket = new Socket(server.address().host(), server.address().port())) {
      converse(new Conversation(socket));
    }
  }

  private static void converse(Conversation client) throws IOException {
    String blob = "/v2/train/blobs/" + Digest.of(CONFIG);
    String upload = "/v2/train/blobs/uploads/?digest=";
    String manifest = "/v2/train/manifests/latest";
    client.ask("POST", upload + Digest.of(CONFIG), CONFIG, 201);
    client.ask("PUT", manifest, MANIFEST, 201);
    for (int i = 0; i < LAYERS; i++) {
      byte[] layer = new byte[LAYER_BYTES + i];
      client.ask("POST", upload + Digest.of(layer), layer, 201);
    }
    for (int i = 0; i < PULLS; i++) {
      client.ask("GET", "/v2/", new byte[0], 200);
      client.ask("GET", manifest, new byte[0], 200);
      client.ask("GET", "/v2/train/manifests/" + Digest.of(MANIFEST), new byte[0], 200);
      client.ask("GET", blob, new byte[0], 200);
    }
    client.ask("GET", "/v2/train/tags/list", new byte[0], 200);
    client.ask("GET", "/v2/train/manifests/none", new byte[0], 404);
  }

  /** One connection; answers are small. */
  private record Conversation(Socket socket) {
    private static final String PASSWORD =
        Base64.getEncoder().encodeToString(ascii(USER + ":" + USER));

    void ask(String method, String target, byte[] body, int status) throws IOException {
      String head =
          """
          %s %s HTTP/1.1\r
          Host: train\r
          Authorization: Basic %s\r
          Accept: %s\r
          Content-Type: %4$s\r
          Content-Length: %d\r
          \r
          """
              .formatted(method, target, PASSWORD, MediaTypes.OCI_MANIFEST, body.length);
      OutputStream out = socket.getOutputStream();
      out.write(ascii(head));
      out.write(body);
      byte[] answer = new byte[64 * 1024];
      int length = Math.max(0, socket.getInputStream().read(answer));
      String begin = new String(answer, 0, length, StandardCharsets.ISO_8859_1);
      if (!begin.startsWith("HTTP/1.1 " + status)) {
        throw new IOException(method + " " + target + ": want " + status + ", got " + begin);
      }
    }
  }
}
