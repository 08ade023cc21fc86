package io.slipway.engine.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Docker's progress messages: one JSON object per line. Safe for several threads, since layers are
 * moved in parallel.
 */
public final class ProgressStream {
  /** Does the work and reports on the stream it is given. */
  @FunctionalInterface
  public interface Writer {
    void write(ProgressStream progress) throws IOException, InterruptedException;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Message(
      @JsonProperty("stream") String stream,
      @JsonProperty("status") String status,
      @JsonProperty("progressDetail") Detail progressDetail,
      @JsonProperty("id") String id,
      @JsonProperty("aux") Object aux,
      @JsonProperty("event") Object event,
      @JsonProperty("errorDetail") ErrorDetail errorDetail,
      @JsonProperty("error") String error) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Detail(@JsonProperty("current") Long current, @JsonProperty("total") Long total) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record ErrorDetail(
      @JsonProperty("code") Integer code, @JsonProperty("message") String message) {}

  private final OutputStream out;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean started;

  private ProgressStream(OutputStream out) {
    this.out = out;
  }

  static void run(OutputStream out, Writer writer) throws IOException, InterruptedException {
    ProgressStream progress = new ProgressStream(out);
    try {
      writer.write(progress);
    } catch (SlipwayException e) {
      if (!progress.started) {
        throw e;
      }
      progress.error(e.getMessage());
    }
  }

  /** Text for the terminal, such as build output. */
  public void stream(String text) throws IOException {
    send(new Message(text, null, null, null, null, null, null, null));
  }

  /** A line without progress. */
  public void status(String status) throws IOException {
    send(new Message(null, status, null, null, null, null, null, null));
  }

  /** A line about one part, such as a layer. */
  public void status(String id, String status) throws IOException {
    send(new Message(null, status, new Detail(null, null), id, null, null, null, null));
  }

  /** Progress of one part in bytes; a negative total is unknown. */
  public void progress(String id, String status, long current, long total) throws IOException {
    Detail detail = new Detail(current, total < 0 ? null : total);
    send(new Message(null, status, detail, id, null, null, null, null));
  }

  /** A result for programs, such as an image id. */
  public void aux(Object value) throws IOException {
    send(new Message(null, null, null, null, value, null, null, null));
  }

  /** An event of a build, for clients that asked for events. */
  public void event(Object value) throws IOException {
    send(new Message(null, null, null, null, null, value, null, null));
  }

  /** A failure told in the stream. */
  public void error(String message) throws IOException {
    send(new Message(null, null, null, null, null, null, new ErrorDetail(null, message), message));
  }

  /** A failure with the exit status the client shall end with. */
  public void error(int code, String message) throws IOException {
    send(new Message(null, null, null, null, null, null, new ErrorDetail(code, message), message));
  }

  private void send(Message message) throws IOException {
    byte[] json = Json.bytes(message);
    byte[] line = java.util.Arrays.copyOf(json, json.length + 2);
    line[json.length] = '\r';
    line[json.length + 1] = '\n';
    lock.lock();
    try {
      started = true;
      out.write(line);
    } finally {
      lock.unlock();
    }
  }
}
