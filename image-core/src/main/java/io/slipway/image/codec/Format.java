package io.slipway.image.codec;

import java.util.Arrays;

/** What compressed content begins with. */
public enum Format {
  GZIP(0x1f, 0x8b),
  ZSTD(0x28, 0xb5, 0x2f, 0xfd),
  BZIP2('B', 'Z', 'h'),
  XZ(0xfd, '7', 'z', 'X', 'Z', 0),
  /** None of the others; last, as everything begins with nothing. */
  PLAIN;

  /** The number of bytes {@link #detect} looks at. */
  public static final int HEAD_BYTES = 6;

  /** The low nibble of a skippable zstd frame is free, as is what follows it. */
  private static final int SKIPPABLE_FIRST = 0x50;

  private static final byte[] SKIPPABLE_REST = {0x2a, 0x4d, 0x18};

  private final byte[] magic;

  Format(int... magic) {
    this.magic = new byte[magic.length];
    for (int i = 0; i < magic.length; i++) {
      this.magic[i] = (byte) magic[i];
    }
  }

  /** The format of content whose first {@code length} bytes are in {@code head}. */
  public static Format detect(byte[] head, int length) {
    if (isSkippableZstdFrame(head, length)) {
      return ZSTD;
    }
    for (Format format : values()) {
      if (length >= format.magic.length
          && Arrays.equals(head, 0, format.magic.length, format.magic, 0, format.magic.length)) {
        return format;
      }
    }
    return PLAIN;
  }

  private static boolean isSkippableZstdFrame(byte[] head, int length) {
    return length >= 1 + SKIPPABLE_REST.length
        && (head[0] & 0xf0) == SKIPPABLE_FIRST
        && Arrays.equals(
            head, 1, 1 + SKIPPABLE_REST.length, SKIPPABLE_REST, 0, SKIPPABLE_REST.length);
  }
}
