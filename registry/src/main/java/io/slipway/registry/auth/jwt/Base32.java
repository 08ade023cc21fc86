package io.slipway.registry.auth.jwt;

/** RFC 4648 base 32 without padding, which the JDK lacks. */
final class Base32 {
  private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int BITS = 5;

  private Base32() {}

  /** {@code bytes}: a multiple of five of them. */
  static String encode(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int buffer = 0;
    int held = 0;
    for (byte b : bytes) {
      buffer = buffer << Byte.SIZE | b & 0xff;
      held += Byte.SIZE;
      while (held >= BITS) {
        held -= BITS;
        text.append(LETTERS.charAt(buffer >> held & 31));
      }
      buffer &= (1 << held) - 1;
    }
    return text.toString();
  }
}
