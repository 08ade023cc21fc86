package io.slipway.registry.store;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** The name of an upload session: a UUID, as clients expect to find one in its address. */
public record UploadId(UUID value) {
  private static final int TEXT_LENGTH = 36;

  public UploadId {
    Objects.requireNonNull(value, "value");
  }

  public static UploadId random() {
    return new UploadId(UUID.randomUUID());
  }

  /** Accepts only the canonical lower case form, so that one session has one address. */
  public static Optional<UploadId> tryParse(String text) {
    if (text.length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    try {
      UploadId id = new UploadId(UUID.fromString(text));
      return id.toString().equals(text) ? Optional.of(id) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
