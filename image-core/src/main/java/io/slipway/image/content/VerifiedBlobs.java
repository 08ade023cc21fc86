package io.slipway.image.content;

import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads blobs without trusting the disk: small ones are hashed, large ones compared by size. A blob
 * that proves damaged is removed, so that the next push or pull brings a good one.
 */
public final class VerifiedBlobs {
  private static final int BUFFER_BYTES = 256 << 10;

  private final BlobStore store;

  public VerifiedBlobs(BlobStore store) {
    this.store = store;
  }

  /** The store that is read. */
  public BlobStore store() {
    return store;
  }

  /**
   * Reads a whole blob, hashed. NOT_FOUND when absent or damaged, INVALID when larger than {@code
   * maxBytes}.
   */
  public Bytes read(Digest digest, int maxBytes) throws IOException {
    byte[] content;
    try (Blob blob = store.open(digest);
        InputStream stream = blob.stream(0)) {
      if (blob.size() > maxBytes) {
        throw SlipwayException.invalid(
            "blob "
                + digest
                + " has "
                + blob.size()
                + " bytes, more than the limit of "
                + maxBytes);
      }
      content = stream.readAllBytes();
    }
    Bytes bytes = Bytes.copyOf(content);
    if (!bytes.digest(digest.algorithm()).equals(digest)) {
      store.delete(digest);
      throw damaged(digest);
    }
    return bytes;
  }

  /**
   * Opens a blob whose size is known. When the size differs the blob is hashed to tell a damaged
   * blob (removed; NOT_FOUND) from a wrong descriptor ({@link DigestMismatchException}).
   */
  public Blob open(Descriptor descriptor) throws IOException {
    Blob blob = store.open(descriptor.digest());
    if (blob.size() == descriptor.size()) {
      return blob;
    }
    blob.close();
    if (verify(descriptor.digest())) {
      throw new DigestMismatchException(
          "descriptor of " + descriptor.digest(),
          descriptor.size() + " bytes",
          blob.size() + " bytes");
    }
    throw damaged(descriptor.digest());
  }

  /** Whether a blob of that digest and size is there. */
  public boolean has(Descriptor descriptor) throws IOException {
    Optional<BlobInfo> info = store.stat(descriptor.digest());
    return info.isPresent() && info.get().size() == descriptor.size();
  }

  /** Hashes a blob of any size; when it is damaged, removes it and returns false. */
  public boolean verify(Digest digest) throws IOException {
    MessageDigest state = digest.algorithm().newDigest();
    try (Blob blob = store.open(digest)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      long position = 0;
      while (true) {
        buffer.clear();
        int read = blob.read(buffer, position);
        if (read < 0) {
          break;
        }
        position += read;
        state.update(buffer.flip());
      }
    }
    boolean good = Digest.of(digest.algorithm(), state).equals(digest);
    if (!good) {
      store.delete(digest);
    }
    return good;
  }

  /** Stores small content. */
  public BlobInfo put(Bytes content) throws IOException {
    Digest digest = content.digest();
    try (Ingest ingest = store.ingest("put-" + UUID.randomUUID(), digest.algorithm())) {
      ingest.append(content.buffer());
      return ingest.commit(ExpectedContent.of(digest));
    }
  }

  private static SlipwayException damaged(Digest digest) {
    return SlipwayException.notFound("blob " + digest + " was damaged on disk and is removed");
  }
}
