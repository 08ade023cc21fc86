package io.slipway.builder.export;

import io.slipway.image.content.LayerPacking;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How an image is written down for others.
 *
 * @param layers how its layers are compressed
 * @param all whether layers of base images are packed so too
 * @param manifest annotations of each platform's manifest
 * @param index annotations of the index, where there is one
 */
public record Packing(
    LayerPacking layers, boolean all, Map<String, String> manifest, Map<String, String> index) {
  /** Gzip, without annotations. */
  public static final Packing DEFAULT = new Packing(LayerPacking.GZIP, false, Map.of(), Map.of());

  public Packing {
    Objects.requireNonNull(layers, "layers");
    manifest = Map.copyOf(new TreeMap<>(manifest));
    index = Map.copyOf(new TreeMap<>(index));
  }
}
