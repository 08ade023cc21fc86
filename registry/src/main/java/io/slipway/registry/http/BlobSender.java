package io.slipway.registry.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * Sends a blob that is not a local file: a worker reads a piece, waits for it to be sent, goes on.
 */
final class BlobSender {
  private static final int PIECE = 128 << 10;

  private BlobSender() {}

  static Future<Void> send(
      AnswerBody.BlobPart part, HttpServerResponse response, ExecutorService workers) {
    Promise<Void> done = Promise.promise();
    workers.execute(() -> {
      try {
        copy(part, response);
        response.end().onComplete(done);
      } catch (IOException | ExecutionException | RuntimeException e) {
        // a cut connection is the only way to tell a client that the rest will not come
        response.reset();
        done.fail(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        response.reset();
        done.fail(e);
      }
    });
    return done.future();
  }

  private static void copy(AnswerBody.BlobPart part, HttpServerResponse response)
      throws IOException, ExecutionException, InterruptedException {
    long position = part.position();
    long end = position + part.length();
    while (position < end) {
      byte[] piece = new byte[(int) Math.min(PIECE, end - position)];
      int read = part.blob().read(ByteBuffer.wrap(piece), position);
      if (read < 0) {
        throw new IOException("blob " + part.blob().digest() + " is shorter than it was");
      }
      response
          .write(Buffer.buffer(piece).slice(0, read))
          .toCompletionStage()
          .toCompletableFuture()
          .get();
      position += read;
    }
  }
}
