package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which repository holds which blob. The bytes are stored once, whoever holds them. */
public interface BlobIndex {

  /** Empty when {@code repository} does not hold it, whether or not another one does. */
  Optional<BlobRecord> find(RepositoryName repository, Digest digest);

  /** Makes {@code repository} hold the blob, whose bytes are durable already; idempotent. */
  void link(RepositoryName repository, BlobRecord blob, Instant when);

  /**
   * Makes {@code target} hold a blob that {@code source} holds, in one transaction with the look
   * whether it does; false when it does not.
   */
  boolean mount(RepositoryName target, RepositoryName source, Digest digest, Instant when);

  /** False when {@code repository} did not hold it. */
  boolean unlink(RepositoryName repository, Digest digest);

  /** Up to {@code limit} repositories that hold the blob. */
  List<RepositoryName> holders(Digest digest, int limit);

  /** When each blob or manifest was last asked for; unknown digests are ignored. */
  void touch(Map<Digest, Instant> lastUse);
}
