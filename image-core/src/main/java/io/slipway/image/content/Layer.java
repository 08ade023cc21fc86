package io.slipway.image.content;

import io.slipway.image.model.ChainId;
import io.slipway.image.model.Digest;
import io.slipway.image.model.RootFs;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A layer at its place in an image.
 *
 * @param index 0 for the base layer
 * @param diffId digest of the uncompressed tar
 * @param chainId of this layer and all below it
 * @param parent chain id of the layers below; empty for the base layer
 */
public record Layer(int index, Digest diffId, ChainId chainId, Optional<ChainId> parent) {
  public Layer {
    Objects.requireNonNull(diffId, "diffId");
    Objects.requireNonNull(chainId, "chainId");
    Objects.requireNonNull(parent, "parent");
  }

  /** The layers of an image, base first. */
  public static List<Layer> of(RootFs rootFs) {
    List<Layer> layers = new ArrayList<>();
    Optional<ChainId> parent = Optional.empty();
    List<ChainId> chain = rootFs.chain();
    for (int i = 0; i < chain.size(); i++) {
      layers.add(new Layer(i, rootFs.diffIds().get(i), chain.get(i), parent));
      parent = Optional.of(chain.get(i));
    }
    return List.copyOf(layers);
  }
}
