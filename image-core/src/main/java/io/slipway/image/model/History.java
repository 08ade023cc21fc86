package io.slipway.image.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** One line of an image's history; absent texts are empty. */
public record History(
    Optional<Instant> created,
    String createdBy,
    String author,
    String comment,
    boolean emptyLayer) {

  public History {
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(createdBy, "createdBy");
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(comment, "comment");
  }
}
