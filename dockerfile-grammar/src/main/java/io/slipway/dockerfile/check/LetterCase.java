package io.slipway.dockerfile.check;

import java.util.Locale;
import java.util.Optional;

/** How a keyword is written. */
enum LetterCase {
  LOWER("lowercase"),
  UPPER("uppercase");

  private final String title;

  LetterCase(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Nothing for a mixture. */
  static Optional<LetterCase> of(String word) {
    if (word.equals(word.toLowerCase(Locale.ROOT))) {
      return Optional.of(LOWER);
    }
    return word.equals(word.toUpperCase(Locale.ROOT)) ? Optional.of(UPPER) : Optional.empty();
  }
}
