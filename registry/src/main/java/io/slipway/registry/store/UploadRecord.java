package io.slipway.registry.store;

import io.slipway.image.model.DigestAlgorithm;
import java.time.Instant;
import java.util.Objects;

/**
 * An open upload session. The bytes received so far are the blob store's business: its count is the
 * truth after a crash, so no offset is kept here.
 */
public record UploadRecord(
    UploadId id, RepositoryName repository, DigestAlgorithm algorithm, Instant lastActive) {
  public UploadRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(lastActive, "lastActive");
  }
}
