package io.slipway.image.content;

import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;

/**
 * An ingest into a temporary file of the same file system. The hash is kept up to date as bytes
 * arrive; after a resume or a truncation it is rebuilt from the file before the next byte.
 */
final class FileIngest implements Ingest {
  private static final int WRITE_BYTES = 256 << 10;

  /** What the store does with a finished ingest. */
  interface Owner {
    BlobInfo publish(Path temp, Digest digest, long size, Instant committed) throws IOException;

    void ended(String id);
  }

  private final Owner owner;
  private final String id;
  private final Path temp;
  private final DigestAlgorithm algorithm;
  private final IngestFile file;
  private final MessageDigest hash;
  private long hashed;
  private long offset;
  private boolean ended;

  FileIngest(Owner owner, String id, Path temp, DigestAlgorithm algorithm, IngestFile file) {
    this.owner = owner;
    this.id = id;
    this.temp = temp;
    this.algorithm = algorithm;
    this.file = file;
    this.hash = algorithm.newDigest();
    this.offset = file.size();
  }

  @Override
  public synchronized long offset() {
    return offset;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return file.read(target, position);
  }

  @Override
  public synchronized void append(ByteBuffer content) throws IOException {
    checkOpen();
    catchUpHash();
    try {
      while (content.hasRemaining()) {
        appendSlice(content);
      }
    } catch (IOException e) {
      throw failedWrite(e);
    }
  }

  /** Bounded slices keep the JDK's per-thread copy buffers small, and the hash reads warm cache. */
  private void appendSlice(ByteBuffer content) throws IOException {
    ByteBuffer slice = content.slice();
    slice.limit(Math.min(slice.limit(), WRITE_BYTES));
    ByteBuffer view = slice.duplicate();
    file.append(slice);
    int length = view.remaining();
    hash.update(view);
    offset += length;
    hashed += length;
    content.position(content.position() + length);
  }

  @Override
  public synchronized void flush() throws IOException {
    checkOpen();
    try {
      file.flush();
    } catch (IOException e) {
      throw failedWrite(e);
    }
  }

  /** A full disk must get its space back at once, or nothing can be stored any more. */
  private IOException failedWrite(IOException e) throws IOException {
    try {
      return DiskFull.orSame(e, "store blob");
    } catch (SlipwayException full) {
      close();
      throw full;
    }
  }

  @Override
  public synchronized void truncate(long newOffset) throws IOException {
    checkOpen();
    if (newOffset < 0 || newOffset > offset) {
      throw new IllegalArgumentException(
          "cannot truncate ingest " + id + " of " + offset + " bytes to " + newOffset);
    }
    file.truncate(newOffset);
    offset = newOffset;
    if (hashed > offset) {
      hash.reset();
      hashed = 0;
    }
  }

  @Override
  public synchronized BlobInfo commit(ExpectedContent expected) throws IOException {
    checkOpen();
    try {
      checkSize(expected);
      Digest digest = checkDigest(expected.digest());
      file.flush();
      // the last byte may have come long ago; collection goes by the time of commit
      Instant now = Instant.now();
      Files.setLastModifiedTime(temp, FileTime.from(now));
      file.force();
      file.close();
      BlobInfo info = owner.publish(temp, digest, offset, now);
      end();
      return info;
    } catch (IOException e) {
      close();
      throw DiskFull.orSame(e, "store blob");
    } finally {
      close();
    }
  }

  private void checkSize(ExpectedContent expected) {
    if (expected.size().isPresent() && expected.size().getAsLong() != offset) {
      throw new DigestMismatchException(
          "blob " + expected.digest().map(Digest::toString).orElse(id),
          expected.size().getAsLong() + " bytes",
          offset + " bytes");
    }
  }

  private Digest checkDigest(Optional<Digest> expected) throws IOException {
    DigestAlgorithm wanted = expected.map(Digest::algorithm).orElse(algorithm);
    Digest actual;
    if (wanted == algorithm) {
      catchUpHash();
      actual = Digest.of(algorithm, hash);
      hashed = 0;
    } else {
      MessageDigest other = wanted.newDigest();
      hashFile(other, 0);
      actual = Digest.of(wanted, other);
    }
    if (expected.isPresent() && !expected.get().equals(actual)) {
      throw new DigestMismatchException("blob", expected.get().toString(), actual.toString());
    }
    return actual;
  }

  private void catchUpHash() throws IOException {
    if (hashed < offset) {
      hashFile(hash, hashed);
      hashed = offset;
    }
  }

  private void hashFile(MessageDigest state, long from) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(WRITE_BYTES);
    long position = from;
    while (position < offset) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), offset - position));
      int read = file.read(buffer, position);
      if (read < 0) {
        throw new IOException("ingest " + id + " became shorter while it was read");
      }
      position += read;
      state.update(buffer.flip());
    }
  }

  @Override
  public synchronized void suspend() throws IOException {
    if (ended) {
      return;
    }
    try (file) {
      file.flush();
    } finally {
      end();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (ended) {
      return;
    }
    try {
      file.close();
      Files.deleteIfExists(temp);
    } finally {
      end();
    }
  }

  private void end() {
    ended = true;
    owner.ended(id);
  }

  private void checkOpen() {
    if (ended) {
      throw new IllegalStateException("ingest " + id + " has ended");
    }
  }
}
