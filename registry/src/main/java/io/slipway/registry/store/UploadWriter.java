package io.slipway.registry.store;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.Lease;
import io.slipway.image.content.ReceivedBytes;
import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The only writer of an upload while it is open. {@link #close} ends the turn and keeps what was
 * received, unless the upload was committed or cancelled. Used by one thread.
 */
public final class UploadWriter implements ReceivedBytes, AutoCloseable {
  /** With no length promised, free space is asked for again after so many bytes. */
  private static final long SPACE_STEP = 16L << 20;

  /** How the turn ends; implemented by the owner of the session. */
  interface Turn {
    /** Refuses an upload of {@code bytes} in all that its repository may not hold. */
    void requireQuota(long bytes);

    /** Whether the repository has the blob already. */
    boolean isHeld(Digest digest);

    void committed(BlobRecord blob);

    void cancelled();

    void ended();
  }

  private final UploadId id;
  private final Ingest ingest;
  private final DiskSpace space;
  private final ContentGuard guard;
  private final Turn turn;
  private final long start;
  private long granted;
  private boolean over;

  UploadWriter(UploadId id, Ingest ingest, DiskSpace space, ContentGuard guard, Turn turn) {
    this.id = id;
    this.ingest = ingest;
    this.space = space;
    this.guard = guard;
    this.turn = turn;
    this.start = ingest.offset();
    this.granted = start;
  }

  public UploadId id() {
    return id;
  }

  /** Bytes received so far, in this turn and before. */
  public long offset() {
    return ingest.offset();
  }

  /**
   * Refuses a body of {@code length} bytes for which there is no room (507), or that would break a
   * quota (DENIED), before it is read.
   */
  public void expect(long length) {
    turn.requireQuota(offset() + length);
    requireSpace(length);
  }

  /** The same for the last body of a blob, which the repository may have already. */
  public void expectLast(long length, Digest digest) {
    try {
      turn.requireQuota(offset() + length);
    } catch (RegistryFault e) {
      if (!turn.isHeld(digest)) {
        throw e;
      }
    }
    requireSpace(length);
  }

  private void requireSpace(long length) {
    space.require(length);
    granted = offset() + length;
  }

  /**
   * Appends and hashes. A full disk is a 507 fault and ends the upload, so that its bytes do not
   * keep the disk full.
   */
  public void append(ByteBuffer content) {
    long end = offset() + content.remaining();
    try {
      if (end > granted) {
        if (granted > start) {
          // the first step may be content that the repository has; the commit looks closely
          turn.requireQuota(end);
        }
        space.require(SPACE_STEP);
        granted = end + SPACE_STEP;
      }
      ingest.append(content);
    } catch (IOException e) {
      throw failed("write", e);
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.NO_SPACE) {
        cancel();
        space.relieve();
        throw RegistryFault.noSpace("no space left to store the upload", e);
      }
      if (e instanceof RegistryFault) {
        // what is over a quota will not be asked for again
        cancel();
      }
      throw e;
    }
  }

  /** For any thread: what was received so far. */
  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return ingest.read(target, position);
  }

  /** Forgets what was received in this turn. */
  public void rollBack() {
    try {
      ingest.truncate(start);
    } catch (IOException e) {
      throw failed("roll back", e);
    }
  }

  /**
   * Verifies, makes durable and gives the blob to the repository of the session. Content with
   * another digest ends the upload.
   */
  public BlobRecord commit(Digest expected) {
    boolean stored = false;
    try (Lease _ = guard.pin(expected)) {
      BlobRecord blob = store(expected);
      stored = true;
      over = true;
      turn.committed(blob);
      return blob;
    } catch (RuntimeException e) {
      if (stored) {
        guard.giveUp(expected, e);
      }
      throw e;
    }
  }

  private BlobRecord store(Digest expected) {
    try {
      BlobInfo stored = ingest.commit(ExpectedContent.of(expected));
      return new BlobRecord(stored.digest(), stored.size());
    } catch (DigestMismatchException e) {
      cancel();
      throw RegistryFault.of(
          ErrorCode.DIGEST_INVALID, "the content does not have the digest", e.actual());
    } catch (IOException e) {
      throw failed("commit", e);
    } catch (SlipwayException e) {
      if (e.kind() == ErrorKind.NO_SPACE) {
        cancel();
        throw RegistryFault.noSpace("no space left to store the upload", e);
      }
      throw e;
    }
  }

  /** Discards everything received. */
  public void cancel() {
    if (!over) {
      over = true;
      turn.cancelled();
    }
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      turn.ended();
    }
  }

  private SlipwayException failed(String step, IOException cause) {
    return new SlipwayException(
        ErrorKind.INTERNAL, step + " upload " + id + ": " + cause.getMessage(), cause);
  }
}
