package io.slipway.image.content;

import io.slipway.image.model.Compression;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * How a layer is to be compressed.
 *
 * @param level the compressor's; empty for its usual one. A blob that is there already is taken
 *     whatever its level
 * @param exact whether a blob with another compression will not do
 */
public record LayerPacking(Compression compression, OptionalInt level, boolean exact) {
  /** Gzip for what has to be packed; what is compressed already stays as it is. */
  public static final LayerPacking GZIP =
      new LayerPacking(Compression.GZIP, OptionalInt.empty(), false);

  public LayerPacking {
    Objects.requireNonNull(compression, "compression");
    Objects.requireNonNull(level, "level");
  }

  /** The same for layers of which any known blob will do. */
  public LayerPacking unlessKnown() {
    return new LayerPacking(compression, level, false);
  }
}
