package io.slipway.cli.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A registry that takes and gives the first bytes of a layer and then stands still, until it is
 * closed.
 */
final class StallingRegistry implements AutoCloseable {
  private static final int LAYER_BYTES = 8 << 20;
  private static final int BEGINNING = 1 << 20;
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final byte[] config =
      """
      {"architecture":"amd64","os":"linux","config":{},
       "rootfs":{"type":"layers","diff_ids":["%s"]}}
      """
          .formatted(Digest.of(new byte[] {1}))
          .getBytes(StandardCharsets.UTF_8);
  private final Digest layer = Digest.of(new byte[] {2});

  StallingRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** The name of an image that it has, or that can be pushed. */
  String image() {
    return "localhost:" + server.getAddress().getPort() + "/team/app:1";
  }

  /** Whether a layer is on its way. */
  boolean isStalled() {
    return stalled.getCount() == 0;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      switch (exchange.getRequestMethod()) {
        case "POST" -> {
          exchange.getResponseHeaders().set("Location", "/v2/team/app/blobs/uploads/1");
          exchange.sendResponseHeaders(202, -1);
        }
        case "PATCH", "PUT" -> {
          exchange.getRequestBody().readNBytes(BEGINNING);
          stall();
        }
        default -> give(exchange, path);
      }
    }
  }

  private void give(HttpExchange exchange, String path) throws IOException {
    if (path.equals("/v2/")) {
      exchange.sendResponseHeaders(200, -1);
    } else if (path.contains("/manifests/")) {
      exchange.getResponseHeaders().set("Content-Type", MANIFEST);
      whole(exchange, manifest());
    } else if (path.endsWith(Digest.of(config).toString())) {
      whole(exchange, config);
    } else if (path.endsWith(layer.toString()) && exchange.getRequestMethod().equals("GET")) {
      exchange.sendResponseHeaders(200, LAYER_BYTES);
      exchange.getResponseBody().write(new byte[BEGINNING]);
      exchange.getResponseBody().flush();
      stall();
    } else {
      exchange.sendResponseHeaders(404, -1);
    }
  }

  private static void whole(HttpExchange exchange, byte[] content) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Docker-Content-Digest", Digest.of(content).toString());
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
    }
    exchange.sendResponseHeaders(200, head ? -1 : content.length);
    if (!head) {
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(content);
      }
    }
  }

  private byte[] manifest() {
    String text =
        """
        {"schemaVersion":2,"mediaType":"%s",
         "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
         "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}
        """;
    return text.formatted(MANIFEST, Digest.of(config), config.length, layer, LAYER_BYTES)
        .getBytes(StandardCharsets.UTF_8);
  }

  private void stall() {
    stalled.countDown();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
