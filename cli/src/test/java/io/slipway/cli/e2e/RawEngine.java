package io.slipway.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Requests to an engine of any make, without a client that knows better. */
record RawEngine(Path socket) {
  /** The version that Debian's dockerd speaks too. */
  private static final String VERSION = "/v1.41";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** An answer; its body as text, and as JSON if it is that. */
  record Answer(int status, String body) {
    JsonNode json() {
      try {
        return body.isEmpty() ? JSON.missingNode() : JSON.readTree(body);
      } catch (IOException e) {
        return JSON.missingNode();
      }
    }

    /** The message of a refusal, or the whole body. */
    String message() {
      JsonNode message = json().path("message");
      return message.isTextual() ? message.asText().strip() : body.strip();
    }
  }

  Answer send(String method, String target, byte[] body, String type) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      String head =
          method
              + " "
              + VERSION
              + target
              + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n"
              + (body.length == 0 ? "" : "Content-Type: " + type + "\r\n")
              + "Content-Length: "
              + body.length
              + "\r\n\r\n";
      write(channel, head.getBytes(StandardCharsets.UTF_8));
      sendBody(channel, body);
      return parse(readAll(Channels.newInputStream(channel)));
    }
  }

  /** An engine may refuse, answer and close before it has taken the body: its answer counts. */
  private static void sendBody(SocketChannel channel, byte[] body) throws IOException {
    try {
      write(channel, body);
    } catch (IOException e) {
      if (!"Broken pipe".equals(e.getMessage())) {
        throw e;
      }
    }
  }

  /** An engine that refuses before it has read the body resets the connection after its answer. */
  private static byte[] readAll(InputStream in) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] buffer = new byte[64 << 10];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        whole.write(buffer, 0, n);
      }
    } catch (SocketException e) {
      if (whole.size() == 0) {
        throw e;
      }
    }
    return whole.toByteArray();
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  private static Answer parse(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    String head = text.substring(0, end);
    String body = text.substring(end + 4);
    boolean chunked =
        head.toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked");
    return new Answer(Integer.parseInt(head.split(" ", 3)[1]), utf8(chunked ? joined(body) : body));
  }

  private static String utf8(String latin) {
    return new String(latin.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String joined(String chunks) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    int at = 0;
    while (at < chunks.length()) {
      int line = chunks.indexOf("\r\n", at);
      int size = Integer.parseInt(chunks.substring(at, line).strip(), 16);
      if (size == 0) {
        break;
      }
      whole.writeBytes(
          chunks.substring(line + 2, line + 2 + size).getBytes(StandardCharsets.ISO_8859_1));
      at = line + 2 + size + 2;
    }
    return whole.toString(StandardCharsets.ISO_8859_1);
  }
}
