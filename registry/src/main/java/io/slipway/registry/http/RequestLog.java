package io.slipway.registry.http;

import io.vertx.core.http.HttpServerRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/** What the server reports of its requests, one line each. */
final class RequestLog {
  private static final int NANOS_PER_MICRO = 1_000;

  private final Consumer<String> lines;
  private final boolean requests;

  RequestLog(Consumer<String> lines, boolean requests) {
    this.lines = lines;
    this.requests = requests;
  }

  /**
   * @param bytes the body's length; what was sent of it is unknown when {@code complete} is false
   * @param started System.nanoTime when the request came
   */
  void request(HttpServerRequest request, int status, long bytes, long started, boolean complete) {
    if (!requests) {
      return;
    }
    long micros = (System.nanoTime() - started) / NANOS_PER_MICRO;
    lines.accept(
        "time=%s client=%s method=%s uri=\"%s\" status=%d bytes=%d us=%d%s"
            .formatted(
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                request.remoteAddress() == null ? "-" : request.remoteAddress().hostAddress(),
                request.method(),
                printable(request.uri()),
                status,
                bytes,
                micros,
                complete ? "" : " cut=true"));
  }

  /** A fault of ours: with its trace, since the client was told nothing. */
  void failure(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    lines.accept("unexpected failure: " + trace.toString().stripTrailing());
  }

  /** A request must not be able to forge log lines. */
  private static String printable(String uri) {
    StringBuilder safe = new StringBuilder(uri.length());
    for (int i = 0; i < uri.length(); i++) {
      char c = uri.charAt(i);
      safe.append(c < ' ' || c == '"' || c > '~' ? '?' : c);
    }
    return safe.toString();
  }
}
