package io.slipway.registry.store;

import io.slipway.image.content.BlobStore;
import io.slipway.image.model.DigestAlgorithm;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Upload sessions: open until committed, cancelled or expired. A session has a record in the
 * metadata and an ingest of the same name in the blob store, whose length is the offset; both
 * outlive the process. Between requests the ingest stays open for a while, so that the hash goes on
 * where it was; after that, or in another process, it is rebuilt from the bytes.
 */
public final class UploadSessions {
  private static final int CONFLICT = 409;
  private static final int EXPIRY_BATCH = 100;

  /** An ingest idle for so long is suspended, which frees its file handle and hash. */
  private static final Duration KEEP_OPEN = Duration.ofSeconds(60);

  private final BlobStore blobs;
  private final MetadataStore metadata;
  private final ContentGuard guard;
  private final DiskSpace space;
  private final Clock clock;
  private final Map<UploadId, UploadSession> open = new ConcurrentHashMap<>();

  UploadSessions(
      BlobStore blobs, MetadataStore metadata, ContentGuard guard, DiskSpace space, Clock clock) {
    this.blobs = blobs;
    this.metadata = metadata;
    this.guard = guard;
    this.space = space;
    this.clock = clock;
  }

  /** Opens a session. */
  public UploadStatus start(RepositoryName repository, DigestAlgorithm algorithm) {
    UploadSession session = begin(repository, algorithm);
    session.release();
    return new UploadStatus(session.record().id(), 0);
  }

  /** Opens a session for a body that comes with the same request. */
  public UploadWriter receive(RepositoryName repository, DigestAlgorithm algorithm) {
    return begin(repository, algorithm).writer(space, guard);
  }

  /** How far a session is; BLOB_UPLOAD_UNKNOWN when this repository has none of that name. */
  public UploadStatus status(RepositoryName repository, UploadId id) {
    while (true) {
      OptionalLong offset = find(repository, id).offset();
      if (offset.isPresent()) {
        return new UploadStatus(id, offset.getAsLong());
      }
    }
  }

  /**
   * The right to write to a session, for one caller at a time.
   *
   * @throws RegistryFault BLOB_UPLOAD_UNKNOWN; status 409 while another caller writes
   */
  public UploadWriter write(RepositoryName repository, UploadId id) {
    while (true) {
      UploadSession session = find(repository, id);
      switch (session.claim()) {
        case WON -> {
          return session.writer(space, guard);
        }
        case BUSY ->
            throw RegistryFault.withStatus(
                ErrorCode.BLOB_UPLOAD_INVALID,
                CONFLICT,
                "another request is writing to this upload");
        case RETIRED -> Thread.onSpinWait();
      }
    }
  }

  /** Ends a session and discards its bytes. */
  public void cancel(RepositoryName repository, UploadId id) {
    write(repository, id).cancel();
  }

  /** Lets go of sessions nobody has written to for a while. */
  public void retireIdle() {
    Instant before = clock.instant().minus(KEEP_OPEN);
    open.values().forEach(session -> session.retireIfIdle(before));
  }

  /** Lets go of all sessions nobody writes to; they go on with the next server. */
  public void retireAll() {
    open.values().forEach(session -> session.retireIfIdle(Instant.MAX));
  }

  /** Discards sessions without activity since {@code before}; returns how many. */
  public int expire(Instant before) {
    int expired = 0;
    while (true) {
      List<UploadRecord> idle = metadata.uploads().idleSince(before, EXPIRY_BATCH);
      int batch = 0;
      for (UploadRecord record : idle) {
        UploadSession session = inMemory(record);
        if (session.claim() == UploadSession.Claim.WON) {
          session.cancelled();
          batch++;
        }
      }
      expired += batch;
      if (batch < EXPIRY_BATCH) {
        return expired;
      }
    }
  }

  /** The record comes before the ingest, so that expiry finds every ingest. */
  private UploadSession begin(RepositoryName repository, DigestAlgorithm algorithm) {
    space.require(0);
    UploadRecord record =
        new UploadRecord(UploadId.random(), repository, algorithm, clock.instant());
    metadata.uploads().save(record);
    UploadSession session = inMemory(record);
    session.claim();
    session.begin();
    return session;
  }

  private UploadSession find(RepositoryName repository, UploadId id) {
    UploadSession session = open.get(id);
    if (session == null) {
      session = inMemory(metadata.uploads().find(id).orElseThrow(UploadSessions::unknown));
    }
    if (!session.record().repository().equals(repository)) {
      throw unknown();
    }
    return session;
  }

  private UploadSession inMemory(UploadRecord record) {
    return open.computeIfAbsent(
        record.id(), id -> new UploadSession(record, blobs, metadata, clock, this::remove));
  }

  private void remove(UploadSession session) {
    open.remove(session.record().id(), session);
  }

  static RegistryFault unknown() {
    return RegistryFault.of(ErrorCode.BLOB_UPLOAD_UNKNOWN, "no such upload in the repository");
  }
}
