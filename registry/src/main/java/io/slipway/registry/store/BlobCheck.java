package io.slipway.registry.store;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;

/** Whether the store holds what the metadata says. */
public final class BlobCheck {
  private static final int BUFFER_BYTES = 256 << 10;

  private final BlobStore blobs;

  public BlobCheck(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** Called with the number of bytes about to be read. */
  public interface Throttle {
    void take(long bytes) throws InterruptedException;
  }

  /** Whether a blob of that size is there; its bytes are not read. */
  public boolean hasSize(Digest digest, long size) throws IOException {
    return blobs.stat(digest).filter(info -> info.size() == size).isPresent();
  }

  /** Reads the blob, hashes it and compares; false also when there is none. */
  public boolean isIntact(Digest digest, long size, Throttle throttle)
      throws IOException, InterruptedException {
    MessageDigest state = digest.algorithm().newDigest();
    long position = 0;
    try (Blob blob = blobs.open(digest)) {
      if (blob.size() != size) {
        return false;
      }
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (position < size) {
        throttle.take(Math.min(BUFFER_BYTES, size - position));
        int read = blob.read(buffer.clear(), position);
        if (read < 0) {
          return false;
        }
        position += read;
        state.update(buffer.flip());
      }
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.NOT_FOUND) {
        return false;
      }
      throw e;
    }
    return position == size && Digest.of(digest.algorithm(), state).equals(digest);
  }

  /** A reason to put a blob aside: it is missing, of another size, or reads as something else. */
  ContentGuard.Doubt doubt(Digest digest, long size, boolean read) {
    return stored -> {
      if (stored.filter(info -> info.size() == size).isEmpty()) {
        return true;
      }
      try {
        return read && !isIntact(digest, size, bytes -> {});
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    };
  }

  /** A reason to put a blob aside that was read and found bad: it is still the same. */
  public static ContentGuard.Doubt unchangedSince(Optional<BlobInfo> before) {
    return stored -> stored.equals(before);
  }
}
