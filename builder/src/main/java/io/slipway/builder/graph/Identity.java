package io.slipway.builder.graph;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What of an operation enters its cache key, part by part. Parts are listed by inclusion: whatever
 * is not added here does not count. The parts are also kept with a result, so that a later miss can
 * say which of them changed; a secret's value is therefore never a part.
 *
 * @param kind the kind of operation
 */
public record Identity(String kind, List<Part> parts) {

  /** One aspect of an operation, such as {@code env.PATH} and its value. */
  public record Part(String name, String value) {
    public Part {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(value, "value");
    }
  }

  public Identity {
    Objects.requireNonNull(kind, "kind");
    parts = List.copyOf(parts);
  }

  /** Of the kind and all parts in their order; lengths are hashed too, so nothing can run over. */
  public Digest digest() {
    MessageDigest state = DigestAlgorithm.SHA256.newDigest();
    feed(state, kind);
    for (Part part : parts) {
      feed(state, part.name());
      feed(state, part.value());
    }
    return Digest.of(DigestAlgorithm.SHA256, state);
  }

  private static void feed(MessageDigest state, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int shift = 24; shift >= 0; shift -= 8) {
      state.update((byte) (bytes.length >>> shift));
    }
    state.update(bytes);
  }

  static Builder of(String kind) {
    return new Builder(kind);
  }

  /** Collects parts. */
  static final class Builder {
    private final String kind;
    private final List<Part> parts = new ArrayList<>();

    private Builder(String kind) {
      this.kind = kind;
    }

    Builder add(String name, Object value) {
      parts.add(new Part(name, value.toString()));
      return this;
    }

    /** Adds the part only if {@code when}: for parts that were introduced after others. */
    Builder addIf(boolean when, String name, Object value) {
      return when ? add(name, value) : this;
    }

    /** One part for each element, {@code name.0}, {@code name.1} and so on. */
    Builder addAll(String name, List<String> values) {
      for (int i = 0; i < values.size(); i++) {
        add(name + "." + i, values.get(i));
      }
      return this;
    }

    Builder addNested(String name, Identity nested) {
      add(name, nested.kind());
      nested.parts().forEach(part -> add(name + "." + part.name(), part.value()));
      return this;
    }

    Identity build() {
      return new Identity(kind, parts);
    }
  }
}
