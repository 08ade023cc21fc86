package io.slipway.registry.mirror;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.UploadWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * The blobs that are coming now. Each comes once, on a thread of its own that goes on when its
 * readers leave.
 */
final class Downloads implements AutoCloseable {
  private static final String ANY_TYPE = "application/octet-stream";

  private record Key(RepositoryName repository, Digest digest) {}

  private final RegistryStore store;
  private final Consumer<String> log;
  private final Map<Key, Download> running = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mirror-", 0).factory());

  Downloads(RegistryStore store, Consumer<String> log) {
    this.store = store;
    this.log = log;
  }

  Optional<Download> find(RepositoryName repository, Digest digest) {
    return Optional.ofNullable(running.get(new Key(repository, digest)));
  }

  /** The download of the blob, begun now unless it runs already. */
  Download join(Mirror mirror, BlobRecord blob) {
    Key key = new Key(mirror.repository(), blob.digest());
    return running.computeIfAbsent(
        key,
        absent -> {
          Download download = new Download(blob, store.blobs());
          threads.execute(() -> run(mirror, key, download));
          return download;
        });
  }

  private void run(Mirror mirror, Key key, Download download) {
    try {
      receive(mirror, download);
      running.remove(key);
      download.finished();
    } catch (SlipwayException e) {
      running.remove(key);
      log.accept("mirror %s: %s: %s".formatted(key.repository(), key.digest(), e.getMessage()));
      download.failed(mirror.upstream().fault(e, ErrorCode.BLOB_UNKNOWN, "blob " + key.digest()));
    } catch (IOException | RuntimeException e) {
      running.remove(key);
      log.accept("mirror %s: %s: %s".formatted(key.repository(), key.digest(), e));
      download.failed(
          mirror
              .upstream()
              .fault(
                  new SlipwayException(ErrorKind.INTERNAL, "the copy failed", e),
                  ErrorCode.BLOB_UNKNOWN,
                  "blob"));
    }
  }

  private void receive(Mirror mirror, Download download) throws IOException {
    BlobRecord blob = download.blob();
    try (UploadWriter writer =
        store.uploads().receive(mirror.repository(), blob.digest().algorithm())) {
      try {
        writer.expect(blob.size());
        mirror
            .client()
            .receive(
                new Descriptor(ANY_TYPE, blob.digest(), blob.size()), new Sink(writer, download));
        writer.commit(blob.digest());
      } catch (IOException | RuntimeException e) {
        writer.cancel();
        throw e;
      }
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
    threads.close();
  }

  /** An upload session as the remote client wants to see it, with an eye on its progress. */
  private record Sink(UploadWriter writer, Download download) implements Ingest {
    @Override
    public long offset() {
      return writer.offset();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return writer.read(target, position);
    }

    @Override
    public void append(ByteBuffer content) {
      writer.append(content);
      download.arrived(writer, writer.offset());
    }

    @Override
    public void truncate(long offset) {
      if (offset != 0) {
        throw new IllegalArgumentException("a download begins anew or goes on");
      }
      download.restarted();
      writer.rollBack();
    }

    @Override
    public BlobInfo commit(ExpectedContent expected) {
      throw new IllegalStateException("whoever opened the session commits it");
    }

    @Override
    public void flush() {
      throw new IllegalStateException("whoever opened the session ends it");
    }

    @Override
    public void suspend() {
      throw new IllegalStateException("whoever opened the session ends it");
    }

    @Override
    public void close() {
      throw new IllegalStateException("whoever opened the session ends it");
    }
  }
}
