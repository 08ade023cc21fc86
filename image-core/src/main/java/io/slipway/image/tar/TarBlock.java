package io.slipway.image.tar;

import io.slipway.image.error.SlipwayException;

/**
 * Fields of one 512-byte header block (POSIX ustar, GNU variant): name 0+100, mode 100+8, uid
 * 108+8, gid 116+8, size 124+12, mtime 136+12, checksum 148+8, type 156, link 157+100, magic 257+6,
 * version 263+2, major 329+8, minor 337+8, prefix 345+155.
 */
final class TarBlock {
  static final int SIZE = 512;
  static final int CHECKSUM = 148;
  static final int TYPE = 156;
  static final int MAGIC = 257;
  static final int NAME_LENGTH = 100;
  static final int PREFIX = 345;
  static final int PREFIX_LENGTH = 155;

  private TarBlock() {}

  static boolean isZero(byte[] block, int offset) {
    for (int i = offset; i < offset + SIZE; i++) {
      if (block[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Both the sum of unsigned and (some old tars) of signed bytes are accepted. */
  static boolean hasValidChecksum(byte[] block, int offset) {
    if (!isOctal(block, offset + CHECKSUM, 8)) {
      return false;
    }
    long stored = number(block, offset + CHECKSUM, 8, "checksum");
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < SIZE; i++) {
      byte b = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : block[offset + i];
      unsigned += b & 0xFF;
      signed += b;
    }
    return stored == unsigned || stored == signed;
  }

  /** Whether the block has a prefix field: the GNU variant uses those bytes for times. */
  static boolean isUstar(byte[] block, int offset) {
    return "ustar\0".equals(text(block, offset + MAGIC, 5) + (char) block[offset + MAGIC + 5]);
  }

  /** Octal with spaces and zero bytes around it, or GNU base-256 (first bit set). */
  static long number(byte[] block, int at, int length, String field) {
    if ((block[at] & 0x80) != 0) {
      return base256(block, at, length, field);
    }
    long value = 0;
    boolean digits = false;
    for (int i = at; i < at + length; i++) {
      byte b = block[i];
      if (b >= '0' && b <= '7') {
        value = value << 3 | (b - '0');
        digits = true;
      } else if (b == 0 || b == ' ') {
        if (digits) {
          break;
        }
      } else {
        throw malformed(field + " is not a number");
      }
    }
    return value;
  }

  private static boolean isOctal(byte[] block, int at, int length) {
    for (int i = at; i < at + length; i++) {
      byte b = block[i];
      if (b != 0 && b != ' ' && (b < '0' || b > '7')) {
        return false;
      }
    }
    return true;
  }

  private static long base256(byte[] block, int at, int length, String field) {
    boolean negative = (block[at] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = at; i < at + length; i++) {
      int b = block[i] & 0xFF;
      if (i == at) {
        // The marker bit is not part of the number.
        b = negative ? b | 0x80 : b & 0x7F;
      }
      long top = value >> 55;
      if (top != 0 && top != -1) {
        throw malformed(field + " is too large");
      }
      value = value << 8 | b;
    }
    return value;
  }

  /** A field up to its first zero byte. */
  static String text(byte[] block, int at, int length) {
    int end = at;
    while (end < at + length && block[end] != 0) {
      end++;
    }
    return TarText.decode(block, at, end - at);
  }

  static SlipwayException malformed(String what) {
    return SlipwayException.invalid("malformed tar: " + what);
  }
}
