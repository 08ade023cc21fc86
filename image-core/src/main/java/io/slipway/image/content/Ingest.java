package io.slipway.image.content;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A blob on its way in. One writer at a time; {@link #close} without {@link #commit} or {@link
 * #suspend} discards everything received.
 */
public interface Ingest extends ReceivedBytes, AutoCloseable {
  /** Number of bytes received so far. */
  long offset();

  /** Appends all remaining bytes of {@code content}. NO_SPACE when the disk is full. */
  void append(ByteBuffer content) throws IOException;

  /** What was received so far outlives this process then, if not a loss of power. */
  void flush() throws IOException;

  /** Forgets what was received after {@code offset}; it must not be larger than the offset. */
  void truncate(long offset) throws IOException;

  /**
   * Checks the content against {@code expected}, makes it durable and publishes it; this ingest is
   * then closed. On {@link io.slipway.image.error.DigestMismatchException} it is discarded. A blob
   * that is already there is replaced, which repairs a damaged one.
   */
  BlobInfo commit(ExpectedContent expected) throws IOException;

  /** Keeps what was received for a later {@link BlobStore#resume} and closes this handle. */
  void suspend() throws IOException;

  @Override
  void close() throws IOException;
}
