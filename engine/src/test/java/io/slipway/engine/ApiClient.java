package io.slipway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.engine.model.Json;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls of the API without a docker process for each, for tests that make very many. */
record ApiClient(Path socket) {
  private static final Pattern ANSWER =
      Pattern.compile("HTTP/1\\.1 (\\d+) .*?\r\n\r\n(.*)", Pattern.DOTALL);

  /** An answer; status 0 when the daemon went away before there was one. */
  record Answer(int status, String body) {
    JsonNode json() {
      return Json.tryTree(body).orElseThrow(() -> new AssertionError("no JSON: " + body));
    }

    /** The same, if it is what was expected. */
    Answer expect(int wanted) {
      if (status != wanted) {
        throw new AssertionError("status " + status + " instead of " + wanted + ": " + body);
      }
      return this;
    }
  }

  Answer get(String path) {
    return call("GET", path, "");
  }

  Answer post(String path, String body) {
    return call("POST", path, body.replace('\'', '"'));
  }

  Answer delete(String path) {
    return call("DELETE", path, "");
  }

  /** The id of a new container. */
  String create(String name, String body) {
    return post("/containers/create?name=" + name, body).expect(201).json().path("Id").asText();
  }

  private Answer call(String method, String path, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s /v1.51%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(
                method,
                path,
                content.length == 0 ? "" : "Content-Type: application/json\r\n",
                content.length);
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      write(channel, head.getBytes(StandardCharsets.US_ASCII));
      write(channel, content);
      String all =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      Matcher answer = ANSWER.matcher(all);
      return answer.matches()
          ? new Answer(Integer.parseInt(answer.group(1)), unchunked(answer.group(2), all))
          : new Answer(0, all);
    } catch (IOException e) {
      return new Answer(0, e.toString());
    }
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static String unchunked(String body, String all) {
    if (!all.toLowerCase(java.util.Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n")) {
      return body;
    }
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (true) {
      int line = body.indexOf("\r\n", at);
      int length = line < 0 ? 0 : Integer.parseInt(body.substring(at, line), 16);
      if (length == 0) {
        return text.toString();
      }
      text.append(body, line + 2, Math.min(body.length(), line + 2 + length));
      at = line + 2 + length + 2;
    }
  }
}
