package io.slipway.dockerfile.word;

/** The two sets of blank characters that the language distinguishes. */
public final class Whitespace {

  private Whitespace() {}

  /** Unicode white space: what is trimmed around lines and what separates name=value words. */
  public static boolean isSpace(int codePoint) {
    return switch (codePoint) {
      case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F ->
          true;
      default -> codePoint == 0x3000 || (codePoint >= 0x2000 && codePoint <= 0x200A);
    };
  }

  /** What ends a keyword and separates plain words; a no-break space does not. */
  public static boolean isSeparator(int codePoint) {
    return switch (codePoint) {
      case '\t', 0x0B, '\f', '\r', ' ' -> true;
      default -> false;
    };
  }

  /** {@code text} without Unicode white space at both ends. */
  public static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }
}
