package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 in mid-upload: it goes on where it was. */
class RegistryCrashIT {
  @TempDir Path folder;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpResponse<byte[]> send(
      ServerProcess server, String method, String target, byte[] body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + server.address() + target))
            .method(method, BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  @Test
  void uploadKilledInMidChunkGoesOn() throws Exception {
    byte[] content = random(20_000_000);
    int acknowledged = 5_000_000;
    int sent = 15_000_000;
    String location;
    try (ServerProcess server = ServerProcess.start(folder)) {
      location =
          send(server, "POST", "/v2/a/blobs/uploads/", new byte[0])
              .headers()
              .firstValue("Location")
              .orElseThrow();
      byte[] first = Arrays.copyOf(content, acknowledged);
      assertThat(send(server, "PATCH", location, first).statusCode()).isEqualTo(202);
      try (RawConnection raw = new RawConnection(server.address())) {
        raw.send("PATCH " + location + " HTTP/1.1\nHost: x\nContent-Length: 15000000\n\n")
            .send(Arrays.copyOfRange(content, acknowledged, sent));
        server.kill();
      }
    }
    try (ServerProcess server = ServerProcess.start(folder)) {
      HttpResponse<byte[]> status = send(server, "GET", location, new byte[0]);
      assertThat(status.statusCode()).isEqualTo(204);
      String range = status.headers().firstValue("Range").orElseThrow();
      int offset = Integer.parseInt(range.substring(2)) + 1;
      assertThat(offset).isBetween(acknowledged, sent);
      HttpResponse<byte[]> rest =
          send(
              server,
              "PATCH",
              location,
              Arrays.copyOfRange(content, offset, content.length),
              "Content-Range",
              offset + "-" + (content.length - 1));
      assertThat(rest.statusCode()).isEqualTo(202);
      String finish = location + "?digest=" + Digest.of(content);
      assertThat(send(server, "PUT", finish, new byte[0]).statusCode()).isEqualTo(201);
      String blob = "/v2/a/blobs/" + Digest.of(content);
      assertThat(send(server, "GET", blob, new byte[0]).body()).isEqualTo(content);
    }
  }
}
