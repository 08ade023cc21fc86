package io.slipway.image.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The name of a stack of layers: of the first layer its DiffID, then {@code sha256(parent + " " +
 * diffId)} (OCI image spec, "Layer ChainID"). Names a committed snapshot.
 */
public record ChainId(Digest digest) {
  public ChainId {
    Objects.requireNonNull(digest, "digest");
  }

  /** The chain of a single layer. */
  public static ChainId first(Digest diffId) {
    return new ChainId(diffId);
  }

  /** The chain of {@code diffIds}, base first; empty for an image without layers. */
  public static Optional<ChainId> of(List<Digest> diffIds) {
    List<ChainId> all = all(diffIds);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /** The chain id after each of {@code diffIds}, base first; same size as the argument. */
  public static List<ChainId> all(List<Digest> diffIds) {
    List<ChainId> chain = new ArrayList<>(diffIds.size());
    for (Digest diffId : diffIds) {
      chain.add(chain.isEmpty() ? first(diffId) : chain.getLast().then(diffId));
    }
    return List.copyOf(chain);
  }

  /** The chain id with one more layer on top. */
  public ChainId then(Digest diffId) {
    return new ChainId(Digest.of((digest + " " + diffId).getBytes(StandardCharsets.US_ASCII)));
  }

  @Override
  public String toString() {
    return digest.toString();
  }
}
