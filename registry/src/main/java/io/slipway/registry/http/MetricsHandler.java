package io.slipway.registry.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Answers {@code GET /metrics}. */
final class MetricsHandler implements Handler<HttpServerRequest> {
  private final Metrics metrics;

  MetricsHandler(Metrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (!"/metrics".equals(request.path())) {
      request.response().setStatusCode(404).end("only /metrics is answered here\n");
      return;
    }
    request
        .response()
        .putHeader(Headers.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
        .end(Buffer.buffer(metrics.scrape()));
  }
}
