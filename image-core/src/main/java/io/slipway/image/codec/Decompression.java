package io.slipway.image.codec;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Opens compressed content by what it is, not by what somebody called it. */
public final class Decompression {
  private static final int BUFFER_BYTES = 64 << 10;

  /** 2^27 = 128 MiB: the largest window the zstd tool itself makes or reads by default. */
  private static final int ZSTD_WINDOW_LOG_MAX = 27;

  /** An .xz header may ask for gigabytes of dictionary; xz -9 needs 65 MiB. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  private final Format format;
  private final InputStream content;

  private Decompression(Format format, InputStream content) {
    this.format = format;
    this.content = content;
  }

  /** Looks at the first bytes of {@code source}, which then belongs to the result. */
  public static Decompression of(InputStream source) throws IOException {
    PushbackInputStream pushback = new PushbackInputStream(source, Format.HEAD_BYTES);
    byte[] head = new byte[Format.HEAD_BYTES];
    int length = pushback.readNBytes(head, 0, head.length);
    pushback.unread(head, 0, length);
    Format format = Format.detect(head, length);
    return new Decompression(format, decoder(format, pushback));
  }

  /** The uncompressed content of {@code source}; closing it closes {@code source}. */
  public static InputStream open(InputStream source) throws IOException {
    return of(source).content();
  }

  /** What the source turned out to be. */
  public Format format() {
    return format;
  }

  /** The uncompressed content. */
  public InputStream content() {
    return content;
  }

  private static InputStream decoder(Format format, InputStream source) throws IOException {
    return switch (format) {
      case GZIP -> new GZIPInputStream(new MemberBoundary(source), BUFFER_BYTES);
      case ZSTD ->
          new ZstdInputStream(source, RecyclingBufferPool.INSTANCE).setLongMax(ZSTD_WINDOW_LOG_MAX);
      case BZIP2 -> new BZip2CompressorInputStream(source, true);
      case XZ ->
          XZCompressorInputStream.builder()
              .setInputStream(source)
              .setDecompressConcatenated(true)
              .setMemoryLimitKiB(XZ_MEMORY_KIB)
              .get();
      case PLAIN -> source;
    };
  }
}
