package io.slipway.registry.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The open upload sessions. */
public interface UploadIndex {

  /** Adds a session, or renews the time of an existing one. */
  void save(UploadRecord upload);

  Optional<UploadRecord> find(UploadId id);

  /**
   * Ends a session at once for {@link #find}; a killed process may bring the record back, which
   * then expires, since a record without bytes is no session.
   */
  void remove(UploadId id);

  /** Up to {@code limit} sessions without activity since {@code before}, oldest first. */
  List<UploadRecord> idleSince(Instant before, int limit);
}
