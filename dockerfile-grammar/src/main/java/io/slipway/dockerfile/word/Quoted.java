package io.slipway.dockerfile.word;

/** Quotes text for messages the way Go's {@code %q} does, because the known sentences use it. */
public final class Quoted {

  private Quoted() {}

  /** {@code text} in double quotes, with what cannot be printed escaped. */
  public static String of(String text) {
    var out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(codePoint -> append(out, codePoint));
    return out.append('"').toString();
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '"', '\\' -> out.append('\\').append((char) codePoint);
      case 0x07 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 0x0B -> out.append("\\v");
      default -> {
        if (isPrintable(codePoint)) {
          out.appendCodePoint(codePoint);
        } else if (codePoint < 0x80) {
          out.append(String.format("\\x%02x", codePoint));
        } else if (codePoint < 0x10000) {
          out.append(String.format("\\u%04x", codePoint));
        } else {
          out.append(String.format("\\U%08x", codePoint));
        }
      }
    }
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
