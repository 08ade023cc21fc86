package io.slipway.benchmarks.registry;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One keep-alive connection with as little in it as possible, so that what is measured is the
 * server.
 */
final class RawClient implements AutoCloseable {
  private static final int CHUNK = 1 << 16;
  private static final int BUFFER = 1 << 16;

  /** Status and headers (names in lower case) of an answer whose body was read away. */
  record Answer(int status, Map<String, String> headers) {
    /** Fails unless the status is {@code expected}. */
    Answer require(int expected) throws IOException {
      if (status != expected) {
        throw new IOException("expected status " + expected + ", got " + status);
      }
      return this;
    }

    /** The path of the Location header. */
    String location() {
      String location = headers.get("location");
      int scheme = location.indexOf("://");
      return scheme < 0 ? location : location.substring(location.indexOf('/', scheme + 3));
    }
  }

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RawClient(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
  }

  Answer send(String method, String target, byte[] body, String... headers) throws IOException {
    return send(method, target, body, 0, body.length, headers);
  }

  Answer send(String method, String target, byte[] body, int offset, int length, String... headers)
      throws IOException {
    head(method, target, "Content-Length: " + length, headers);
    out.write(body, offset, length);
    out.flush();
    return answer();
  }

  /** Sends the body in chunks without saying its length, as docker does. */
  Answer stream(String method, String target, byte[] body) throws IOException {
    head(method, target, "Transfer-Encoding: chunked");
    for (int at = 0; at < body.length; at += CHUNK) {
      int length = Math.min(CHUNK, body.length - at);
      out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(body, at, length);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return answer();
  }

  private void head(String method, String target, String framing, String... headers)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\nHost: bench\r\n");
    head.append(framing).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  private Answer answer() throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      skipChunks();
    } else {
      in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
    }
    return new Answer(status, headers);
  }

  /** An answer without trailers. */
  private void skipChunks() throws IOException {
    int length;
    do {
      length = Integer.parseInt(line(), 16);
      in.skipNBytes(length);
      line();
    } while (length > 0);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the server closed the connection");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
