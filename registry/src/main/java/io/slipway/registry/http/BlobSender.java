package io.slipway.registry.http;

import io.slipway.image.content.Blob;
import io.slipway.image.model.Digest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;

/**
 * Sends a blob that is not a local file: a worker reads a piece, waits for it to be sent, goes on.
 */
final class BlobSender {
  private static final int PIECE = 128 << 10;

  private BlobSender() {}

  /** Gives the pieces of a body, in order. */
  private interface Copy {
    void run() throws IOException, ExecutionException, InterruptedException;
  }

  static Future<Void> send(
      AnswerBody.BlobPart part, HttpServerResponse response, ExecutorService workers) {
    return send(
        () -> copy(part.blob(), part.position(), part.length(), Optional.empty(), response),
        response,
        workers);
  }

  /** A connection that ends before the last piece tells the client that the blob is not good. */
  static Future<Void> send(
      AnswerBody.CheckedBlob whole, HttpServerResponse response, ExecutorService workers) {
    Blob blob = whole.blob();
    MessageDigest hash = blob.digest().algorithm().newDigest();
    return send(
        () -> {
          long last = Math.max(0, blob.size() - PIECE);
          copy(blob, 0, last, Optional.of(hash), response);
          byte[] rest = new byte[(int) (blob.size() - last)];
          readFully(blob, rest, last);
          hash.update(rest);
          boolean good = Digest.of(blob.digest().algorithm(), hash).equals(blob.digest());
          whole.verdict().accept(good);
          if (!good) {
            throw new IOException("blob " + blob.digest() + " is damaged");
          }
          write(Buffer.buffer(rest), response);
        },
        response,
        workers);
  }

  private static Future<Void> send(
      Copy copy, HttpServerResponse response, ExecutorService workers) {
    Promise<Void> done = Promise.promise();
    workers.execute(() -> {
      try {
        copy.run();
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

  private static void copy(
      Blob blob, long from, long length, Optional<MessageDigest> hash, HttpServerResponse response)
      throws IOException, ExecutionException, InterruptedException {
    long position = from;
    long end = from + length;
    while (position < end) {
      byte[] piece = new byte[(int) Math.min(PIECE, end - position)];
      // what there is goes out at once: of a blob that is still coming, more may take long
      int read = blob.read(ByteBuffer.wrap(piece), position);
      if (read < 0) {
        throw new IOException("blob " + blob.digest() + " is shorter than it was");
      }
      hash.ifPresent(h -> h.update(piece, 0, read));
      write(Buffer.buffer(piece).slice(0, read), response);
      position += read;
    }
  }

  private static void readFully(Blob blob, byte[] piece, long position) throws IOException {
    ByteBuffer target = ByteBuffer.wrap(piece);
    while (target.hasRemaining()) {
      if (blob.read(target, position + target.position()) < 0) {
        throw new IOException("blob " + blob.digest() + " is shorter than it was");
      }
    }
  }

  private static void write(Buffer piece, HttpServerResponse response)
      throws ExecutionException, InterruptedException {
    response.write(piece).toCompletionStage().toCompletableFuture().get();
  }
}
