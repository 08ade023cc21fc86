package io.slipway.image.codec;

import io.slipway.image.model.Compression;
import java.io.OutputStream;

/** Leaves content as it is. */
public final class PlainCompressor implements Compressor {
  @Override
  public Compression compression() {
    return Compression.NONE;
  }

  @Override
  public String label() {
    return "none";
  }

  @Override
  public OutputStream open(OutputStream target) {
    return target;
  }
}
