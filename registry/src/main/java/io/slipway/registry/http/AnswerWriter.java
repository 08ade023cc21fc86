package io.slipway.registry.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.concurrent.ExecutorService;

/** Writes answers, on the event loop of the request. */
final class AnswerWriter {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final ExecutorService workers;

  AnswerWriter(ExecutorService workers) {
    this.workers = workers;
  }

  /**
   * The future ends when the last byte is with the kernel, or fails when the client went away.
   * Either way the answer's body is closed.
   *
   * @param close whether the connection is of no use afterwards
   */
  Future<Void> write(HttpServerRequest request, Answer answer, boolean close) {
    HttpServerResponse response = request.response();
    AnswerBody body = answer.body();
    if (response.closed() || response.ended()) {
      release(body);
      return Future.failedFuture("the client went away");
    }
    response.setStatusCode(answer.status());
    response.putHeader(Headers.API_VERSION, Headers.REGISTRY_2);
    answer.forEachHeader(response::putHeader);
    if (close) {
      response.putHeader(Headers.CONNECTION, Headers.CLOSE);
    }
    if (request.method() == HttpMethod.HEAD) {
      release(body);
      if (answer.status() != NO_CONTENT && answer.status() != NOT_MODIFIED) {
        response.putHeader(Headers.CONTENT_LENGTH, Long.toString(body.length()));
      }
      return response.end();
    }
    return switch (body) {
      case AnswerBody.None none -> response.end();
      case AnswerBody.Withheld withheld -> response.end();
      case AnswerBody.InMemory memory -> response.end(buffer(memory));
      case AnswerBody.FilePart part ->
          response
              .sendFile(part.file(), part.position(), part.length())
              .onComplete(done -> release(part));
      case AnswerBody.BlobPart part -> {
        response.putHeader(Headers.CONTENT_LENGTH, Long.toString(part.length()));
        yield BlobSender.send(part, response, workers).onComplete(done -> release(part));
      }
      case AnswerBody.CheckedBlob whole -> {
        response.putHeader(Headers.CONTENT_LENGTH, Long.toString(whole.length()));
        yield BlobSender.send(whole, response, workers).onComplete(done -> release(whole));
      }
    };
  }

  /** Wraps without a copy: answers never change what they hold. */
  private static Buffer buffer(AnswerBody.InMemory body) {
    return BufferInternal.buffer(
        Unpooled.wrappedBuffer(body.content(), body.offset(), body.count()));
  }

  /** Closes the body of an answer that is not to be sent. */
  static void release(AnswerBody body) {
    try {
      body.close();
    } catch (IOException e) {
      // a file that was only read: closing it loses nothing
      return;
    }
  }
}
