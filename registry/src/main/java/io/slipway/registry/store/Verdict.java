package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.time.Instant;
import java.util.Objects;

/** What came of reading content: its bytes are good, or they are damaged or missing. */
public record Verdict(Digest digest, boolean damaged, Instant when) {
  public Verdict {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(when, "when");
  }
}
