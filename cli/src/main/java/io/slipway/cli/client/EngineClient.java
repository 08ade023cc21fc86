package io.slipway.cli.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sends requests to a daemon: one connection each, because a command makes two or three. Safe for
 * use by several threads. A refusal (status 400 and above) is an {@link EngineException} with the
 * daemon's message; a connection that fails is an {@link IOException}.
 */
public final class EngineClient {
  /** The API version this client speaks. */
  public static final String API_VERSION = "1.51";

  private static final String JSON = "application/json";

  private final EngineAddress address;

  /** A client of the daemon at an address; connects at the first request. */
  public EngineClient(EngineAddress address) {
    this.address = address;
  }

  /** The daemon's address. */
  public EngineAddress address() {
    return address;
  }

  /** A request body that is written to the connection as it is made. */
  @FunctionalInterface
  public interface BodyWriter {
    /** Writes the body; the stream need not be closed. */
    void write(OutputStream out) throws IOException;
  }

  /** GET. */
  public EngineResponse get(Query query) throws IOException {
    return send("GET", query, Map.of(), null);
  }

  /** GET with extra headers such as X-Registry-Auth. */
  public EngineResponse get(Query query, Map<String, String> headers) throws IOException {
    return send("GET", query, headers, null);
  }

  /** HEAD. */
  public EngineResponse head(Query query) throws IOException {
    return send("HEAD", query, Map.of(), null);
  }

  /** DELETE. */
  public EngineResponse delete(Query query) throws IOException {
    return send("DELETE", query, Map.of(), null);
  }

  /** POST without a body, with extra headers such as X-Registry-Auth. */
  public EngineResponse post(Query query, Map<String, String> headers) throws IOException {
    return send("POST", query, headers, null);
  }

  /** POST of a JSON value. */
  public EngineResponse post(Query query, JsonValue body) throws IOException {
    byte[] bytes = body.print(false).getBytes(StandardCharsets.UTF_8);
    return send("POST", query, Map.of("Content-Type", JSON), out -> out.write(bytes));
  }

  /** A request whose body is streamed in chunks, such as a build context. */
  public EngineResponse stream(
      String method, Query query, Map<String, String> headers, BodyWriter body) throws IOException {
    return send(method, query, headers, body);
  }

  /**
   * Upgrades a connection (attach, exec start).
   *
   * @param body the JSON body, or null for none
   * @param terminal true when the process has a terminal and its output is not framed
   */
  public HijackedStream hijack(Query query, JsonValue body, boolean terminal) throws IOException {
    Connection connection = connect();
    try {
      OutputStream out = connection.output();
      byte[] bytes =
          body == null ? new byte[0] : body.print(false).getBytes(StandardCharsets.UTF_8);
      Map<String, String> headers = new TreeMap<>();
      headers.put("Connection", "Upgrade");
      headers.put("Upgrade", "tcp");
      headers.put("Content-Type", body == null ? "text/plain" : JSON);
      headers.put("Content-Length", Integer.toString(bytes.length));
      out.write(head("POST", query, headers));
      out.write(bytes);
      InputStream in = new BufferedInputStream(connection.input(), 32 * 1024);
      HttpHead head = HttpHead.read(in);
      if (head.status() != 101) {
        throw refusal(head, new HttpBody(in, head, false));
      }
      return new HijackedStream(connection, in, out, !terminal);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Copies both directions of a new connection until the daemon ends its own. */
  public void relay(InputStream in, OutputStream out) throws IOException {
    try (Connection connection = connect()) {
      Thread.ofVirtual().start(() -> send(in, connection));
      byte[] buffer = new byte[32 * 1024];
      for (int n = connection.input().read(buffer); n >= 0; n = connection.input().read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    }
  }

  private static void send(InputStream in, Connection connection) {
    try {
      byte[] buffer = new byte[32 * 1024];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        connection.output().write(buffer, 0, n);
        connection.output().flush();
      }
      connection.endOutput();
    } catch (IOException e) {
      // the daemon closed the connection, which ends the other direction too
      return;
    }
  }

  private Connection connect() throws IOException {
    try {
      return address.connect();
    } catch (IOException e) {
      throw new ConnectException(
          "Cannot connect to the daemon at "
              + address
              + ": "
              + e.getMessage()
              + ". Is the daemon running?");
    }
  }

  private EngineResponse send(
      String method, Query query, Map<String, String> headers, BodyWriter body) throws IOException {
    Connection connection = connect();
    try {
      OutputStream out = connection.output();
      Map<String, String> all = new TreeMap<>(headers);
      all.put("Connection", "close");
      if (body != null) {
        all.put("Transfer-Encoding", "chunked");
      } else if (!method.equals("GET") && !method.equals("HEAD")) {
        all.put("Content-Length", "0");
      }
      out.write(head(method, query, all));
      InputStream in = new BufferedInputStream(connection.input(), 32 * 1024);
      if (body != null) {
        writeChunked(out, body);
      }
      HttpHead head = HttpHead.read(in);
      HttpBody answer = new HttpBody(in, head, method.equals("HEAD"));
      if (head.status() >= 400) {
        throw refusal(head, answer);
      }
      return new EngineResponse(connection, head, answer);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** A daemon may refuse before it has read the whole body: then the answer says why, not EPIPE. */
  private static void writeChunked(OutputStream out, BodyWriter body) throws IOException {
    ChunkedOutput chunks = new ChunkedOutput(out);
    try {
      body.write(chunks);
      chunks.finish();
    } catch (ChunkedOutput.ConnectionEnded e) {
      return;
    }
  }

  private byte[] head(String method, Query query, Map<String, String> headers) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(" /v").append(API_VERSION).append(query.target());
    head.append(" HTTP/1.1\r\nHost: docker\r\nUser-Agent: slipway\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static EngineException refusal(HttpHead head, InputStream body) throws IOException {
    byte[] bytes = body.readAllBytes();
    String message = new String(bytes, StandardCharsets.UTF_8).trim();
    if (head.header("content-type").startsWith(JSON)) {
      message = JsonValue.read(new java.io.ByteArrayInputStream(bytes)).text("message");
    }
    return new EngineException(
        head.status(), message.isEmpty() ? "HTTP status " + head.status() : message);
  }
}
