package io.slipway.dockerfile.word;

/**
 * Text under construction that refuses to grow without end: a few doubling variables or one
 * replacement would otherwise fill the memory of whoever builds a stranger's Dockerfile.
 */
final class BoundedText {

  static final int MAX_CHARACTERS = 16 << 20;

  private final StringBuilder text = new StringBuilder();

  void append(String more) {
    if (text.length() + (long) more.length() > MAX_CHARACTERS) {
      throw new ExpansionException(
          "the result is longer than " + MAX_CHARACTERS + " characters, the limit of one word");
    }
    text.append(more);
  }

  void append(int codePoint) {
    append(Character.toString(codePoint));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
