package io.slipway.engine.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.slipway.engine.model.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Answers what cannot be read as HTTP, which no route ever sees. */
final class BrokenRequests {
  /**
   * The rest of the request is read to nowhere for so long: closing with unread bytes would reset
   * the connection, and the answer could be lost with it.
   */
  private static final long LINGER_MILLIS = 500;

  private final Vertx vertx;
  private final int maxLineBytes;
  private final int maxHeaderBytes;

  BrokenRequests(Vertx vertx, int maxLineBytes, int maxHeaderBytes) {
    this.vertx = vertx;
    this.maxLineBytes = maxLineBytes;
    this.maxHeaderBytes = maxHeaderBytes;
  }

  void answer(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    int status = 400;
    String message = "cannot read the request as HTTP: " + cause.getMessage();
    if (cause instanceof TooLongHttpLineException) {
      status = 414;
      message = "the request line is longer than " + maxLineBytes + " bytes";
    } else if (cause instanceof TooLongHttpHeaderException) {
      status = 431;
      message = "the request headers are larger than " + maxHeaderBytes + " bytes";
    }
    Buffer body = Buffer.buffer(Json.bytes(new ErrorMapper.ErrorBody(message)));
    HttpServerResponse response = request.response();
    response
        .setStatusCode(status)
        .putHeader("Content-Type", Reply.JSON)
        .putHeader("Content-Length", Integer.toString(body.length()))
        .putHeader("Connection", "close")
        .write(body);
    vertx.setTimer(
        LINGER_MILLIS,
        timer -> {
          if (!response.closed()) {
            response.end();
          }
        });
  }
}
