package io.slipway.registry.http;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;

/**
 * What the server reports of its requests, one line each, as {@code name=value} pairs. A line holds
 * no header and of a query only what names content, so no credential can be in it.
 */
final class RequestLog implements VisitListener {
  private static final int NANOS_PER_MICRO = 1_000;

  private final Consumer<String> lines;
  private final boolean requests;

  RequestLog(Consumer<String> lines, boolean requests) {
    this.lines = lines;
    this.requests = requests;
  }

  @Override
  public void ended(Visit visit, int status, long bytes, boolean complete) {
    if (!requests) {
      return;
    }
    long micros = (System.nanoTime() - visit.started()) / NANOS_PER_MICRO;
    lines.accept(
        "time=%s client=%s%s method=%s uri=\"%s\" status=%d bytes=%d us=%d%s"
            .formatted(
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                printable(visit.address()),
                visit.user().isEmpty() ? "" : " user=\"" + printable(visit.user()) + "\"",
                visit.request().method(),
                printable(uri(visit)),
                status,
                bytes,
                micros,
                complete ? "" : " cut=true"));
  }

  /** Only the registry's own API has queries that are fit to be seen. */
  private static String uri(Visit visit) {
    String uri = visit.request().uri();
    int query = uri.indexOf('?');
    return query < 0 || uri.startsWith("/v2/") ? uri : uri.substring(0, query);
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
