package io.slipway.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A daemon on a unix socket that gives one prepared answer for each method. */
public final class CannedDaemon implements AutoCloseable {
  private final Path socket;
  private final ServerSocketChannel server;
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private volatile String lastRequest = "";

  public CannedDaemon(Path directory) throws IOException {
    socket = directory.resolve("canned.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofPlatform().daemon().start(this::serve);
  }

  public Path socket() {
    return socket;
  }

  /** Prepares the answer to a method. */
  public void answer(String method, int status, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    answers.put(
        method,
        "HTTP/1.1 %d X\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(status, length, body));
  }

  /** What the last request said after its head. */
  public String lastBody() {
    return lastRequest.substring(lastRequest.indexOf("\r\n\r\n") + 4);
  }

  private void serve() {
    try {
      while (true) {
        try (SocketChannel client = server.accept()) {
          lastRequest = request(client);
          String method = lastRequest.split(" ")[0];
          String answer =
              answers.getOrDefault(method, "HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n");
          client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        }
      }
    } catch (IOException e) {
      // Closed by the test.
      return;
    }
  }

  private static String request(SocketChannel client) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    while (client.read(buffer) > 0) {
      bytes.write(buffer.array(), 0, buffer.position());
      buffer.clear();
      String text = bytes.toString(StandardCharsets.UTF_8);
      boolean chunked = text.contains("Transfer-Encoding: chunked");
      if (text.contains("\r\n\r\n") && (!chunked || text.endsWith("0\r\n\r\n"))) {
        break;
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
