package io.slipway.image.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.DigestMismatchException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class CodecTest {
  private static final int BLOCK = 128 << 10;

  /** Half text, half noise, so that there is something to find and something not to. */
  private static byte[] content(int length) {
    byte[] content = new byte[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      boolean noise = i / 5000 % 2 == 1;
      content[i] = (byte) (noise ? random.nextInt() : "the quick brown fox ".charAt(i % 20));
    }
    return content;
  }

  private static byte[] compress(Compressor compressor, byte[] content, int writeSize)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream stream = compressor.open(out)) {
      for (int from = 0; from < content.length; from += writeSize) {
        stream.write(content, from, Math.min(writeSize, content.length - from));
      }
    }
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return out.toByteArray();
  }

  private static byte[] decompress(InputStream in) throws IOException {
    try (InputStream content = Decompression.open(in)) {
      return content.readAllBytes();
    }
  }

  private static byte[] decompress(byte[] content) throws IOException {
    return decompress(new ByteArrayInputStream(content));
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  @ParameterizedTest
  @ValueSource(ints = {16 << 10, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 20_000})
  void noiseIsStoredAsItIs(int length) throws IOException {
    byte[] noise = noise(length);
    byte[] made = compress(new DeflateCompressor(6, 2), noise, 10_007);
    assertThat(decompress(made)).isEqualTo(noise);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(made)).readAllBytes()).isEqualTo(noise);
    int blocks = length / 0xffff + 3 * (length / BLOCK + 1);
    assertThat(made.length).isBetween(length + 18, length + 18 + 5 * blocks);
  }

  @Test
  void noiseBesideTextKeepsTheTextSmall() throws IOException {
    byte[] text = new byte[2 * BLOCK];
    Arrays.fill(text, (byte) 'x');
    byte[] both = join(text, noise(BLOCK), text, noise(BLOCK));
    byte[] made = compress(new DeflateCompressor(6, 2), both, 10_007);
    assertThat(decompress(made)).isEqualTo(both);
    assertThat(made.length).isLessThan(2 * BLOCK + 3000);
  }

  @Test
  void noiseThatRepeatsItselfIsCompressed() throws IOException {
    byte[] part = noise(2048);
    byte[] content = new byte[BLOCK];
    for (int i = 0; i < content.length; i++) {
      content[i] = part[i % part.length];
    }
    byte[] made = compress(new DeflateCompressor(6, 2), content, BLOCK);
    assertThat(made.length).isLessThan(BLOCK / 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 32768, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 10 * BLOCK + 77})
  void parallelGzipRoundTripsAndDependsOnContentOnly(int length) throws IOException {
    byte[] content = content(length);
    byte[] two = compress(new DeflateCompressor(6, 2), content, 10_007);
    assertThat(compress(new DeflateCompressor(6, 5), content, BLOCK)).isEqualTo(two);
    assertThat(compress(new DeflateCompressor(6, 1), content, 1 + length)).isEqualTo(two);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(two)).readAllBytes())
        .isEqualTo(content);
    assertThat(decompress(two)).isEqualTo(content);
  }

  @Test
  void parallelGzipIsAsSmallAsOneStream() throws IOException {
    byte[] content = content(40 * BLOCK);
    assertThat(compress(new DeflateCompressor(6, 2), content, BLOCK).length)
        .isLessThan(gzip(content).length * 101 / 100);
  }

  @Test
  void incompressibleContentGrowsLittle() throws IOException {
    byte[] noise = new byte[3 * BLOCK];
    new Random(1).nextBytes(noise);
    byte[] packed = compress(new DeflateCompressor(1, 2), noise, 4096);
    assertThat(packed.length).isLessThan(noise.length + 1000);
    assertThat(decompress(packed)).isEqualTo(noise);
  }

  @Test
  void aFailingTargetFailsTheWriter() {
    OutputStream full =
        new OutputStream() {
          private int count;

          @Override
          public void write(int value) throws IOException {
            throw new IOException("unused");
          }

          @Override
          public void write(byte[] buffer, int offset, int length) throws IOException {
            if (++count > 3) {
              throw new IOException("full");
            }
          }
        };
    assertThatThrownBy(
            () -> {
              try (OutputStream out = new DeflateCompressor(6, 2).open(full)) {
                out.write(content(20 * BLOCK));
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("full");
  }

  @Test
  void zstdRoundTrips() throws IOException {
    byte[] content = content(5 * BLOCK + 3);
    byte[] packed = compress(new ZstdCompressor(3), content, 10_007);
    assertThat(decompress(packed)).isEqualTo(content);
    assertThat(decompress(join(packed, packed))).isEqualTo(join(content, content));
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2};
    assertThat(decompress(join(skippable, packed))).isEqualTo(content);
  }

  @Test
  void detectsEveryFormat() throws IOException {
    byte[] content = content(1000);
    ByteArrayOutputStream bzip2 = new ByteArrayOutputStream();
    try (OutputStream out = new BZip2CompressorOutputStream(bzip2)) {
      out.write(content);
    }
    ByteArrayOutputStream xz = new ByteArrayOutputStream();
    try (OutputStream out = new XZCompressorOutputStream(xz)) {
      out.write(content);
    }
    assertThat(decompress(bzip2.toByteArray())).isEqualTo(content);
    assertThat(decompress(xz.toByteArray())).isEqualTo(content);
    assertThat(decompress(content)).isEqualTo(content);
    assertThat(decompress(new byte[0])).isEmpty();
    assertThat(decompress(new byte[] {0x1f})).containsExactly(0x1f);
    assertThat(Decompression.of(new ByteArrayInputStream(xz.toByteArray())).format())
        .isEqualTo(Format.XZ);
  }

  /** A socket: gives a few bytes at a time and never knows what is available. */
  private static InputStream slow(byte[] content) {
    return new FilterInputStream(new ByteArrayInputStream(content)) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return super.read(buffer, offset, Math.min(7, length));
      }

      @Override
      public int available() {
        return 0;
      }
    };
  }

  @Test
  void readsAllMembersAlsoFromASocket() throws IOException {
    byte[] a = content(10_000);
    byte[] b = content(20_000);
    assertThat(decompress(slow(join(gzip(a), gzip(b), gzip(a))))).isEqualTo(join(a, b, a));
  }

  @Test
  void truncatedContentIsAnError() throws IOException {
    byte[] content = content(50_000);
    for (byte[] packed :
        new byte[][] {gzip(content), compress(new ZstdCompressor(3), content, 5000)}) {
      assertThatThrownBy(() -> decompress(Arrays.copyOf(packed, packed.length / 2)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void boundsExpansion() throws IOException {
    byte[] bomb = gzip(new byte[10 << 20]);
    assertThatThrownBy(() ->
            new BoundedInputStream(
                    Decompression.open(new ByteArrayInputStream(bomb)), "context", 1 << 20)
                .readAllBytes())
        .isInstanceOf(SlipwayException.class)
        .hasMessage("context is larger than the limit of 1048576 bytes");
    InputStream fits = new BoundedInputStream(new ByteArrayInputStream(new byte[5]), "x", 5);
    assertThat(fits.readAllBytes()).hasSize(5);
  }

  @Test
  void verifiesToTheEnd() throws IOException {
    byte[] content = content(200_000);
    VerifiedInputStream good = stream(content, Digest.of(content));
    assertThat(good.readNBytes(10)).hasSize(10);
    assertThat(good.skip(1000)).isEqualTo(1000);
    good.verify();
    good.verify();
    assertThat(good.count()).isEqualTo(content.length);
    VerifiedInputStream bad = stream(content, Digest.of(new byte[1]));
    assertThat(bad.readAllBytes()).isEqualTo(content);
    assertThatThrownBy(bad::verify)
        .isInstanceOf(DigestMismatchException.class)
        .hasMessage("layer x: expected " + Digest.of(new byte[1]) + ", got " + Digest.of(content));
  }

  private static VerifiedInputStream stream(byte[] content, Digest expected) {
    return new VerifiedInputStream(new ByteArrayInputStream(content), "layer x", expected);
  }

  @Test
  void countsAndHashesOutput() throws IOException {
    byte[] content = content(1000);
    DigestingOutputStream out = new DigestingOutputStream(OutputStream.nullOutputStream());
    out.write(content, 0, 999);
    out.write(content[999]);
    assertThat(out.count()).isEqualTo(1000);
    assertThat(out.digest()).isEqualTo(Digest.of(content));
  }
}
