package io.slipway.dockerfile.grammar;

/** Undoes the quotes and escapes of a flag, which unlike other words has no further processing. */
public final class FlagText {

  private FlagText() {}

  /**
   * The flag without quotes, every escape character replaced by the one after it; an escape at the
   * very end is dropped, an open quote ends with the text.
   */
  public static String unquote(String written, char escape) {
    var out = new StringBuilder(written.length());
    char quote = 0;
    for (int i = 0; i < written.length(); i++) {
      char character = written.charAt(i);
      if (character == escape) {
        if (++i < written.length()) {
          out.append(written.charAt(i));
        }
      } else if (quote == 0 && (character == '"' || character == '\'')) {
        quote = character;
      } else if (quote != 0 && character == quote) {
        quote = 0;
      } else {
        out.append(character);
      }
    }
    return out.toString();
  }
}
