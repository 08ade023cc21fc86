package io.slipway.image.codec;

import java.util.zip.Deflater;

/**
 * Tells whether deflate could make anything of a block. Pictures, archives and encrypted files are
 * as good as random, and deflate takes longest to find nothing in those.
 *
 * <p>The answer depends on the bytes alone, so that equal content stays equal when compressed.
 */
final class Compressibility {
  /** Blocks that are shorter are deflated anyway. */
  private static final int MIN_BYTES = 16 << 10;

  /** What is deflated for a trial, from the middle of the block. */
  private static final int SAMPLE_BYTES = 8 << 10;

  /** Random bytes reach 7.99 bits in a block of this size, compressed files 7.95 and more. */
  private static final double LEAST_BITS = 7.9;

  private Compressibility() {}

  /** Whether the block had better be stored as it is. */
  static boolean isFutile(byte[] bytes, int offset, int length) {
    return length >= MIN_BYTES
        && entropy(bytes, offset, length) >= LEAST_BITS
        && sampleResists(bytes, offset + (length - SAMPLE_BYTES) / 2);
  }

  /** Bits per byte if each byte stood alone (Shannon's entropy of order 0). */
  private static double entropy(byte[] bytes, int offset, int length) {
    int[] counts = new int[256];
    for (int i = offset; i < offset + length; i++) {
      counts[bytes[i] & 0xff]++;
    }
    double sum = 0;
    for (int count : counts) {
      if (count > 0) {
        sum += count * StrictMath.log((double) count / length);
      }
    }
    return -sum / length / StrictMath.log(2);
  }

  /** Bytes of all values may still repeat each other in groups. */
  private static boolean sampleResists(byte[] bytes, int offset) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(bytes, offset, SAMPLE_BYTES);
      deflater.finish();
      byte[] output = new byte[SAMPLE_BYTES];
      return deflater.deflate(output) > SAMPLE_BYTES - SAMPLE_BYTES / 64;
    } finally {
      deflater.end();
    }
  }
}
