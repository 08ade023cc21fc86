package io.slipway.registry.store;

import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Ingest;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * One upload session in memory: who writes to it, and its ingest while that is open. Ends as
 * RETIRED when only memory lets go of it, so that whoever still holds this object looks it up
 * again, or as GONE when the session is over.
 */
final class UploadSession implements UploadWriter.Turn {
  private enum State {
    IDLE,
    BUSY,
    RETIRED,
    GONE
  }

  /** What came of an attempt to become the writer. */
  enum Claim {
    WON,
    BUSY,
    RETIRED
  }

  private final UploadRecord record;
  private final BlobStore blobs;
  private final MetadataStore metadata;
  private final Clock clock;
  private final Consumer<UploadSession> over;
  private State state = State.IDLE;
  private Ingest ingest;
  private Instant lastActive;

  /** {@code over} is told once when this object is of no more use. */
  UploadSession(
      UploadRecord record,
      BlobStore blobs,
      MetadataStore metadata,
      Clock clock,
      Consumer<UploadSession> over) {
    this.record = record;
    this.blobs = blobs;
    this.metadata = metadata;
    this.clock = clock;
    this.over = over;
    this.lastActive = clock.instant();
  }

  UploadRecord record() {
    return record;
  }

  synchronized Claim claim() {
    switch (state) {
      case IDLE -> {
        state = State.BUSY;
        return Claim.WON;
      }
      case BUSY -> {
        return Claim.BUSY;
      }
      case RETIRED -> {
        return Claim.RETIRED;
      }
      case GONE -> throw UploadSessions.unknown();
    }
    throw new AssertionError(state);
  }

  /** Creates the ingest of a new session; the caller has claimed it. */
  synchronized void begin() {
    try {
      ingest = blobs.ingest(record.id().toString(), record.algorithm());
    } catch (IOException | SlipwayException e) {
      forget();
      throw failure("start", e);
    }
  }

  /** The writer for this turn; the caller has claimed the session. */
  UploadWriter writer(DiskSpace space, ContentGuard guard) {
    try {
      return new UploadWriter(record.id(), resumed(), space, guard, this);
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  /** Bytes received so far; empty when this object is retired. */
  synchronized OptionalLong offset() {
    return switch (state) {
      case RETIRED -> OptionalLong.empty();
      case GONE -> throw UploadSessions.unknown();
      case IDLE, BUSY -> OptionalLong.of(resumed().offset());
    };
  }

  synchronized void release() {
    if (state == State.BUSY) {
      state = State.IDLE;
    }
    lastActive = clock.instant();
  }

  @Override
  public void requireQuota(long bytes) {
    metadata.upkeep().usage().requireRoom(record.repository(), bytes);
  }

  @Override
  public boolean isHeld(Digest digest) {
    return metadata.blobs().find(record.repository(), digest).isPresent();
  }

  @Override
  public void committed(BlobRecord blob) {
    try {
      metadata.blobs().link(record.repository(), blob, clock.instant());
    } finally {
      forget();
    }
  }

  @Override
  public synchronized void cancelled() {
    try {
      if (ingest == null) {
        ingest = blobs.resume(record.id().toString()).orElse(null);
      }
      if (ingest != null) {
        ingest.close();
      }
    } catch (IOException e) {
      throw failure("discard", e);
    } finally {
      forget();
    }
  }

  @Override
  public void ended() {
    keepReceived();
    metadata
        .uploads()
        .save(
            new UploadRecord(
                record.id(), record.repository(), record.algorithm(), clock.instant()));
    release();
  }

  /** The client is about to be told how much has arrived, and goes on there after a kill. */
  private synchronized void keepReceived() {
    try {
      ingest.flush();
    } catch (IOException | SlipwayException e) {
      cancelled();
      throw failure("write", e);
    }
  }

  /** Lets go of the ingest of a session nobody writes to; its bytes stay for a later resume. */
  synchronized void retireIfIdle(Instant before) {
    if (state != State.IDLE || !lastActive.isBefore(before)) {
      return;
    }
    state = State.RETIRED;
    over.accept(this);
    try {
      if (ingest != null) {
        ingest.suspend();
      }
    } catch (IOException e) {
      throw failure("suspend", e);
    } finally {
      ingest = null;
    }
  }

  /** A record whose bytes are gone (expired with the store, or lost power) is no session. */
  private synchronized Ingest resumed() {
    if (ingest != null) {
      return ingest;
    }
    try {
      Optional<Ingest> found = blobs.resume(record.id().toString());
      if (found.isEmpty()) {
        forget();
        throw UploadSessions.unknown();
      }
      ingest = found.get();
      lastActive = clock.instant();
      return ingest;
    } catch (IOException e) {
      throw failure("resume", e);
    }
  }

  private synchronized void forget() {
    state = State.GONE;
    ingest = null;
    over.accept(this);
    metadata.uploads().remove(record.id());
  }

  private SlipwayException failure(String step, Exception cause) {
    if (cause instanceof SlipwayException failure) {
      return failure.kind() == ErrorKind.NO_SPACE
          ? RegistryFault.noSpace("no space left to " + step + " the upload", failure)
          : failure;
    }
    return new SlipwayException(
        ErrorKind.INTERNAL, step + " upload " + record.id() + ": " + cause.getMessage(), cause);
  }
}
