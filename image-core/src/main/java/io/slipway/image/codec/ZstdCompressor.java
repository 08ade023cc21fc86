package io.slipway.image.codec;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import io.slipway.image.model.Compression;
import java.io.IOException;
import java.io.OutputStream;

/** One zstd frame with a checksum. */
public final class ZstdCompressor implements Compressor {
  /** zstd's own default. */
  public static final int DEFAULT_LEVEL = 3;

  private final int level;

  /** {@code level} from 1 (fast) to 22 (small). */
  public ZstdCompressor(int level) {
    if (level < 1 || level > Zstd.maxCompressionLevel()) {
      throw new IllegalArgumentException(
          "zstd level " + level + " is not in 1.." + Zstd.maxCompressionLevel());
    }
    this.level = level;
  }

  @Override
  public Compression compression() {
    return Compression.ZSTD;
  }

  @Override
  public String label() {
    return "zstd-" + level;
  }

  @Override
  public OutputStream open(OutputStream target) throws IOException {
    return new ZstdOutputStream(target, RecyclingBufferPool.INSTANCE, level).setChecksum(true);
  }
}
