package io.slipway.engine.http;

import io.slipway.engine.model.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a route answers: nothing, a whole body, a stream, or the connection itself. */
public sealed interface Reply {
  String JSON = "application/json";
  String RAW_STREAM = "application/vnd.docker.raw-stream";
  String MULTIPLEXED_STREAM = "application/vnd.docker.multiplexed-stream";

  /** Writes a streamed body; returning ends it. */
  @FunctionalInterface
  interface BodyWriter {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** Talks on a connection that left HTTP; returning closes it after the last byte is sent. */
  @FunctionalInterface
  interface Talk {
    void talk(HijackedStream stream) throws IOException, InterruptedException;
  }

  /** A complete answer. */
  record Whole(int status, String contentType, byte[] body, Map<String, String> headers)
      implements Reply {
    public Whole {
      headers = Map.copyOf(headers);
    }

    /** The same answer with one more header. */
    public Whole with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Whole(status, contentType, body, more);
    }
  }

  /**
   * A chunked answer with status 200.
   *
   * @param eager send the status line and headers before the writer runs; otherwise they go with
   *     the first byte, and a failure before it is an ordinary error answer
   */
  record Stream(String contentType, boolean eager, BodyWriter writer, Map<String, String> headers)
      implements Reply {
    public Stream {
      headers = Map.copyOf(headers);
    }

    /** The same stream with one more header. */
    public Stream with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Stream(contentType, eager, writer, more);
    }
  }

  /**
   * Takes the connection over: {@code 101 UPGRADED} for a client that asked to upgrade, a raw
   * {@code 200 OK} for one that did not.
   */
  record Hijack(String contentType, Talk talk) implements Reply {}

  /**
   * Takes the connection over as a WebSocket.
   *
   * @param head the answer to the client's handshake
   * @param binary whether the frames sent are binary; else they say to be text
   */
  record Socket(String head, boolean binary, Talk talk) implements Reply {}

  /** Only a status, such as 204 or 304. */
  static Whole empty(int status) {
    return new Whole(status, "", new byte[0], Map.of());
  }

  static Whole json(Object value) {
    return json(200, value);
  }

  static Whole json(int status, Object value) {
    return new Whole(status, JSON, Json.bytes(value), Map.of());
  }

  static Whole text(int status, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return new Whole(status, "text/plain; charset=utf-8", body, Map.of());
  }

  /** Headers are flushed at once, for clients that wait for them. */
  static Stream stream(String contentType, BodyWriter writer) {
    return new Stream(contentType, true, writer, Map.of());
  }

  /** Headers go with the first byte. */
  static Stream lazyStream(String contentType, BodyWriter writer) {
    return new Stream(contentType, false, writer, Map.of());
  }

  /**
   * Lines of JSON about a long operation. A failure before the first line is an ordinary error, a
   * later one is told in the stream, as Docker's clients expect.
   */
  static Stream progress(ProgressStream.Writer writer) {
    return lazyStream(JSON, out -> ProgressStream.run(out, writer));
  }

  /**
   * Takes the connection over as a WebSocket.
   *
   * @throws io.slipway.image.error.SlipwayException {@code INVALID} if the client did not ask for
   *     one
   */
  static Socket webSocket(Request request, boolean binary, Talk talk) {
    return new Socket(WebSocket.handshake(request.headers()), binary, talk);
  }

  static Hijack hijack(String contentType, Talk talk) {
    return new Hijack(contentType, talk);
  }
}
