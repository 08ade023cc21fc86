package io.slipway.registry.store;

import io.slipway.image.model.Digest;
import java.util.Objects;

/**
 * Content that a manifest names. {@code required} content must be in the repository when the
 * manifest is pushed; all of it, required or not, is kept alive by the manifest, save the subject.
 */
public record ContentReference(Digest digest, Kind kind, boolean required) {

  /** What the manifest names it as. */
  public enum Kind {
    CONFIG,
    LAYER,
    CHILD,
    SUBJECT
  }

  public ContentReference {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(kind, "kind");
  }
}
