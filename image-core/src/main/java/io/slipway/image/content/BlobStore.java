package io.slipway.image.content;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/** Verified content by digest. Implementations pass {@code BlobStoreContract}. Safe for threads. */
public interface BlobStore {
  /** What is stored under {@code digest}; a blob known to be damaged counts as absent. */
  Optional<BlobInfo> stat(Digest digest) throws IOException;

  /** Opens a blob for reading; NOT_FOUND when absent. */
  Blob open(Digest digest) throws IOException;

  /**
   * Starts a new ingest under {@code id} (letters, digits, {@code . _ -}, at most 128), hashing
   * with {@code algorithm} as bytes arrive. CONFLICT when an ingest of that id exists.
   */
  Ingest ingest(String id, DigestAlgorithm algorithm) throws IOException;

  /**
   * Continues a suspended ingest, also one of an earlier process; empty when there is none.
   * CONFLICT while another caller has it open.
   */
  Optional<Ingest> resume(String id) throws IOException;

  /** Removes a blob; false when there was none. Open readers keep reading. */
  boolean delete(Digest digest) throws IOException;

  /** All stored blobs, in no order; close the stream. */
  Stream<BlobInfo> list() throws IOException;

  /** Where blobs are put that are to be deleted, or were found damaged. */
  BlobShelf shelf(Shelf shelf);
}
