package io.slipway.cli.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** What ADD finds on the net: a text with a date, one without, an archive. */
final class LanguageWeb implements AutoCloseable {
  private static final String TEXT = "from the net\n";
  private static final String DIGEST =
      "sha256:5ba725001c85c161899f81495600997302fc5632e78b80e249199f6504665794";

  private final HttpServer server;

  LanguageWeb(Path archive) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/file.txt",
        exchange -> {
          exchange.getResponseHeaders().set("Last-Modified", "Sat, 02 Jan 2010 03:04:05 GMT");
          send(exchange, TEXT.getBytes());
        });
    server.createContext("/undated", exchange -> send(exchange, TEXT.getBytes()));
    server.createContext("/p.tar.gz", exchange -> send(exchange, Files.readAllBytes(archive)));
    server.start();
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(200, head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** A Dockerfile with this server's address in it. */
  String in(String dockerfile) {
    return dockerfile
        .replace("<HTTP>", "http://127.0.0.1:" + server.getAddress().getPort())
        .replace("<SUM>", DIGEST);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
