package io.slipway.image.content;

import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** What the sender promised about a blob. */
public record ExpectedContent(Optional<Digest> digest, OptionalLong size) {
  public ExpectedContent {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(size, "size");
  }

  public static ExpectedContent of(Digest digest) {
    return new ExpectedContent(Optional.of(digest), OptionalLong.empty());
  }

  /** Both digest and size of {@code descriptor}. */
  public static ExpectedContent of(Descriptor descriptor) {
    return new ExpectedContent(
        Optional.of(descriptor.digest()), OptionalLong.of(descriptor.size()));
  }

  /** Nothing was promised: the content gets the digest it has. */
  public static ExpectedContent anything() {
    return new ExpectedContent(Optional.empty(), OptionalLong.empty());
  }
}
