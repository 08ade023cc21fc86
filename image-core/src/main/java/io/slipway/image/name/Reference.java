package io.slipway.image.name;

import io.slipway.image.model.Digest;
import java.util.Objects;
import java.util.Optional;

/**
 * The normalised name of an image: a repository and a tag, a digest, both or neither. Two names
 * that Docker treats as the same are equal.
 */
public record Reference(Repository repository, Optional<String> tag, Optional<Digest> digest)
    implements Comparable<Reference> {
  public static final String DEFAULT_TAG = "latest";

  public Reference {
    Objects.requireNonNull(repository, "repository");
    Objects.requireNonNull(tag, "tag");
    Objects.requireNonNull(digest, "digest");
    tag.ifPresent(ReferenceGrammar::checkTag);
  }

  /**
   * Parses what a person typed: {@code busybox}, {@code localhost:5000/a/b:1.2}, {@code
   * x@sha256:...}. INVALID with Docker's text otherwise. No default tag is added.
   */
  public static Reference parse(String text) {
    return ReferenceGrammar.parse(text);
  }

  /** As {@link #parse}, with tag {@code latest} when there is neither tag nor digest. */
  public static Reference parseWithDefaultTag(String text) {
    return parse(text).withDefaultTag();
  }

  public Reference withDefaultTag() {
    return tag.isPresent() || digest.isPresent() ? this : withTag(DEFAULT_TAG);
  }

  /** The same repository with this tag and no digest. */
  public Reference withTag(String newTag) {
    return new Reference(repository, Optional.of(newTag), Optional.empty());
  }

  /** The same repository with this digest and no tag: a repo digest. */
  public Reference withDigest(Digest newDigest) {
    return new Reference(repository, Optional.empty(), Optional.of(newDigest));
  }

  /** What to ask a registry for: the digest, else the tag, else {@code latest}. */
  public String manifestReference() {
    return digest.map(Digest::toString).orElseGet(() -> tag.orElse(DEFAULT_TAG));
  }

  /** The name as people type it, for example {@code busybox:latest}. */
  public String familiar() {
    return repository.familiar() + suffix();
  }

  @Override
  public int compareTo(Reference other) {
    return toString().compareTo(other.toString());
  }

  /** The full name, for example {@code docker.io/library/busybox:latest}. */
  @Override
  public String toString() {
    return repository + suffix();
  }

  private String suffix() {
    return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }
}
