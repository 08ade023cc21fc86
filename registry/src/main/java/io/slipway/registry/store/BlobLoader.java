package io.slipway.registry.store;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads whole small contents, verified, through the memory of those read lately. */
final class BlobLoader {
  private final BlobStore blobs;
  private final HotBytes hot;

  BlobLoader(BlobStore blobs, HotBytes hot) {
    this.blobs = blobs;
    this.hot = hot;
  }

  /** Asks memory only. The array must not be changed. */
  Optional<byte[]> cached(Digest digest) {
    return hot.get(digest);
  }

  /**
   * The content, which must not be changed; empty when the store lacks it or what it holds is not
   * {@code size} bytes of that digest, so that a client is told to push it again.
   */
  Optional<byte[]> load(Digest digest, long size) {
    Optional<byte[]> cached = hot.get(digest);
    if (cached.isPresent()) {
      return cached;
    }
    Optional<byte[]> read = read(digest, size);
    read.ifPresent(content -> hot.put(digest, content));
    return read;
  }

  private Optional<byte[]> read(Digest digest, long size) {
    try {
      if (blobs.stat(digest).filter(info -> info.size() == size).isEmpty()) {
        return Optional.empty();
      }
      byte[] content = new byte[Math.toIntExact(size)];
      try (Blob blob = blobs.open(digest)) {
        ByteBuffer target = ByteBuffer.wrap(content);
        while (target.hasRemaining()) {
          if (blob.read(target, target.position()) < 0) {
            return Optional.empty();
          }
        }
      }
      boolean intact = Digest.of(digest.algorithm(), content).equals(digest);
      return intact ? Optional.of(content) : Optional.empty();
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "read " + digest + ": " + e.getMessage(), e);
    }
  }
}
