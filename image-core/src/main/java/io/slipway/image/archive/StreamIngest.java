package io.slipway.image.archive;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.Lease;
import io.slipway.image.model.DigestAlgorithm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Stores content whose digest nobody has promised. */
final class StreamIngest {
  private static final int BUFFER_BYTES = 256 << 10;

  private StreamIngest() {}

  /** Reads the stream to its end; the blob is pinned. */
  static BlobInfo store(InputStream content, BlobStore blobs, Lease lease) throws IOException {
    try (Ingest ingest = blobs.ingest("archive-" + UUID.randomUUID(), DigestAlgorithm.SHA256)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      int n = content.read(buffer);
      while (n >= 0) {
        ingest.append(ByteBuffer.wrap(buffer, 0, n));
        n = content.read(buffer);
      }
      BlobInfo blob = ingest.commit(ExpectedContent.anything());
      lease.pin(blob.digest());
      return blob;
    }
  }
}
