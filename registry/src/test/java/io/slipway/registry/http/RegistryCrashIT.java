package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at bad moments: uploads go on where they were, and nothing acknowledged is lost. */
class RegistryCrashIT {
  private static final int ROUNDS = 5;
  private static final int PUSHERS = 4;

  /** Manifests acknowledged in a round before the kill. */
  private static final int PUSHES = 20;

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

  @Test
  void everythingAcknowledgedIsThereAfterEveryKill() throws Exception {
    Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    Map<String, byte[]> layers = new ConcurrentHashMap<>();
    Random random = new Random(3);
    for (int round = 0; round < ROUNDS; round++) {
      List<Future<?>> pushers = new ArrayList<>();
      try (ServerProcess server = ServerProcess.start(folder);
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        verify(server, manifests, layers);
        int before = manifests.size();
        for (int pusher = 0; pusher < PUSHERS; pusher++) {
          String name = "r" + pusher;
          String prefix = "round" + round + "-";
          pushers.add(threads.submit(() -> pushUntilCut(server, name, prefix, manifests, layers)));
        }
        while (manifests.size() < before + PUSHES && pushers.stream().noneMatch(Future::isDone)) {
          Thread.sleep(random.nextInt(50));
        }
        server.kill();
      }
      for (Future<?> pusher : pushers) {
        pusher.get();
      }
    }
    assertThat(manifests).hasSizeGreaterThanOrEqualTo(ROUNDS * PUSHES);
    try (ServerProcess server = ServerProcess.start(folder)) {
      verify(server, manifests, layers);
    }
  }

  private void pushUntilCut(
      ServerProcess server,
      String name,
      String prefix,
      Map<String, byte[]> manifests,
      Map<String, byte[]> layers) {
    try {
      for (int i = 0; ; i++) {
        byte[] layer = (name + prefix + i).repeat(500).getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(layer);
        String upload = "/v2/" + name + "/blobs/uploads/?digest=" + digest;
        if (send(server, "POST", upload, layer).statusCode() != 201) {
          throw new AssertionError("blob push refused");
        }
        layers.put("/v2/" + name + "/blobs/" + digest, layer);
        String descriptor = RegistryFixture.descriptor(MediaTypes.OCI_LAYER, digest, layer.length);
        byte[] manifest =
            "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
                .formatted(descriptor, descriptor)
                .getBytes(StandardCharsets.UTF_8);
        String target = "/v2/" + name + "/manifests/" + prefix + i;
        HttpResponse<byte[]> pushed =
            send(server, "PUT", target, manifest, "Content-Type", MediaTypes.OCI_MANIFEST);
        if (pushed.statusCode() != 201) {
          throw new AssertionError("manifest push refused");
        }
        manifests.put(target, manifest);
      }
    } catch (IOException e) {
      // the server was killed, as planned
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void verify(
      ServerProcess server, Map<String, byte[]> manifests, Map<String, byte[]> layers)
      throws IOException, InterruptedException {
    List<Map.Entry<String, byte[]>> all = new ArrayList<>(manifests.entrySet());
    all.addAll(layers.entrySet());
    for (Map.Entry<String, byte[]> entry : all) {
      HttpResponse<byte[]> got = send(server, "GET", entry.getKey(), new byte[0]);
      assertThat(got.statusCode()).as(entry.getKey()).isEqualTo(200);
      assertThat(got.body()).as(entry.getKey()).isEqualTo(entry.getValue());
    }
  }
}
