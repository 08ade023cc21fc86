package io.slipway.cli.client;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** An answer that the daemon did not refuse; closing it closes its connection. */
public final class EngineResponse implements AutoCloseable {
  private final Connection connection;
  private final HttpHead head;
  private final InputStream body;

  EngineResponse(Connection connection, HttpHead head, InputStream body) {
    this.connection = connection;
    this.head = head;
    this.body = body;
  }

  /** The HTTP status; below 400. */
  public int status() {
    return head.status();
  }

  /** A header's value by its lower-case name; empty when it is not there. */
  public String header(String name) {
    return head.header(name);
  }

  /** The body as it arrives. */
  public InputStream body() {
    return body;
  }

  /** The whole body as one JSON value. */
  public JsonValue json() throws IOException {
    return JsonValue.read(body);
  }

  /** Hands over each JSON value of a progress stream as it arrives. */
  public void eachJson(Consumer<JsonValue> consumer) throws IOException {
    try (JsonParser parser = JsonValue.FACTORY.createParser(body)) {
      for (JsonValue v = JsonValue.next(parser); v != null; v = JsonValue.next(parser)) {
        consumer.accept(v);
      }
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
