package io.slipway.registry.mirror;

import io.slipway.image.content.Blob;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.store.BlobRecord;
import io.slipway.registry.store.RepositoryBlobs;
import io.slipway.registry.store.UploadWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A blob that is coming: one thread writes it, any number read it as far as it is there and wait
 * for the rest. The last byte is withheld until the whole was verified.
 */
final class Download {
  private final BlobRecord blob;
  private final RepositoryBlobs blobs;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private UploadWriter source;
  private long received;
  private int beginnings;
  private boolean stored;
  private SlipwayException failure;

  Download(BlobRecord blob, RepositoryBlobs blobs) {
    this.blob = blob;
    this.blobs = blobs;
  }

  BlobRecord blob() {
    return blob;
  }

  /** The first {@code count} bytes can be read from {@code from}. */
  void arrived(UploadWriter from, long count) {
    lock.lock();
    try {
      source = from;
      received = count;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The upstream begins anew. Whoever has read from the first attempt cannot go on: the second may
   * bring other bytes.
   */
  void restarted() {
    lock.lock();
    try {
      received = 0;
      beginnings++;
    } finally {
      lock.unlock();
    }
  }

  /** The blob is in the store and in the repository. */
  void finished() {
    lock.lock();
    try {
      stored = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void failed(SlipwayException reason) {
    lock.lock();
    try {
      failure = reason;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something can be read, so that an early failure can still be answered. */
  void awaitBeginning() {
    awaitMoreThan(0);
  }

  /** Waits for the end; whoever is interrupted is told that it was cancelled. */
  void awaitEnd() {
    lock.lock();
    try {
      while (!stored && failure == null) {
        await();
      }
      if (failure != null) {
        throw failure;
      }
    } finally {
      lock.unlock();
    }
  }

  private void await() {
    try {
      changed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "interrupted while a blob was coming", e);
    }
  }

  /** How many bytes may be read once more than {@code position} may; all when it is stored. */
  private long awaitMoreThan(long position) {
    lock.lock();
    try {
      while (!stored && failure == null && readable() <= position) {
        changed.awaitUninterruptibly();
      }
      if (failure != null) {
        throw failure;
      }
      return stored ? blob.size() : readable();
    } finally {
      lock.unlock();
    }
  }

  private long readable() {
    return Math.min(received, blob.size() - 1);
  }

  private record State(UploadWriter source, int beginnings, boolean stored) {}

  private State state() {
    lock.lock();
    try {
      return new State(source, beginnings, stored);
    } finally {
      lock.unlock();
    }
  }

  /** The blob for one reader; reading blocks while bytes are awaited. */
  Blob open() {
    return new Reader();
  }

  private final class Reader implements Blob {
    private Blob whole;
    private int beginning = -1;

    @Override
    public Digest digest() {
      return blob.digest();
    }

    @Override
    public long size() {
      return blob.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (position >= blob.size()) {
        return -1;
      }
      while (whole == null) {
        long end = awaitMoreThan(position);
        State now = state();
        if (beginning >= 0 && beginning != now.beginnings()) {
          throw new IOException("the upstream began to send the blob anew");
        }
        if (now.stored()) {
          whole = blobs.open(blob);
          break;
        }
        int read = readArrived(now.source(), target, position, end);
        if (read > 0 && state().beginnings() == now.beginnings()) {
          beginning = now.beginnings();
          return read;
        }
      }
      return whole.read(target, position);
    }

    private int readArrived(UploadWriter source, ByteBuffer target, long position, long end)
        throws IOException {
      int room = (int) Math.min(target.remaining(), end - position);
      ByteBuffer part = target.slice(target.position(), room);
      try {
        int read = source.read(part, position);
        target.position(target.position() + Math.max(0, read));
        return read;
      } catch (ClosedChannelException e) {
        // the writer is done with its file: the blob is stored in a moment, or has failed
        awaitEnd();
        return 0;
      }
    }

    /** Nobody streams from here: answers are read piece by piece. */
    @Override
    public InputStream stream(long position) {
      throw new UnsupportedOperationException("a blob that is coming has no stream");
    }

    @Override
    public Optional<Path> file() {
      return Optional.empty();
    }

    @Override
    public void close() throws IOException {
      if (whole != null) {
        whole.close();
      }
    }
  }
}
