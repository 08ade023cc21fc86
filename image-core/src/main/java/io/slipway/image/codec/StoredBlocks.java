package io.slipway.image.codec;

/** Bytes in deflate's blocks without compression (RFC 1951, 3.2.4), beginning at a whole byte. */
final class StoredBlocks {
  private static final int MAX_BYTES = 0xffff;
  private static final int HEADER_BYTES = 5;

  private StoredBlocks() {}

  /** {@code last} ends the stream. */
  static byte[] of(byte[] bytes, int offset, int length, boolean last) {
    int blocks = Math.max(1, (length + MAX_BYTES - 1) / MAX_BYTES);
    byte[] out = new byte[length + blocks * HEADER_BYTES];
    int at = 0;
    int done = 0;
    for (int block = 1; block <= blocks; block++) {
      int part = Math.min(MAX_BYTES, length - done);
      out[at++] = (byte) (last && block == blocks ? 1 : 0);
      out[at++] = (byte) part;
      out[at++] = (byte) (part >>> 8);
      out[at++] = (byte) ~part;
      out[at++] = (byte) (~part >>> 8);
      System.arraycopy(bytes, offset + done, out, at, part);
      at += part;
      done += part;
    }
    return out;
  }
}
