package io.slipway.builder.graph;

import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;

/**
 * An operation on the results of others. Two vertices are equal if their digests are: the same
 * operation on the same inputs, whatever they are called.
 *
 * @param digest of the operation's identity and the inputs' digests
 */
public record Vertex(Op op, List<Vertex> inputs, Digest digest, StepInfo info) {

  public Vertex {
    Objects.requireNonNull(op, "op");
    inputs = List.copyOf(inputs);
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(info, "info");
  }

  public static Vertex of(Op op, List<Vertex> inputs, StepInfo info) {
    if (op instanceof Op.Source != inputs.isEmpty()) {
      throw new IllegalArgumentException("a source has no inputs, everything else has");
    }
    for (ContentRead read : op.contentReads()) {
      Objects.checkIndex(read.input(), inputs.size());
    }
    MessageDigest state = DigestAlgorithm.SHA256.newDigest();
    state.update(op.identity().digest().toString().getBytes(StandardCharsets.US_ASCII));
    for (Vertex input : inputs) {
      state.update(input.digest.toString().getBytes(StandardCharsets.US_ASCII));
    }
    // two steps that differ in this hint only must not be taken for one
    state.update((byte) (info.ignoreCache() ? 1 : 0));
    return new Vertex(op, inputs, Digest.of(DigestAlgorithm.SHA256, state), info);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vertex vertex && vertex.digest.equals(digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return info.name() + " (" + digest.shortHex() + ")";
  }
}
