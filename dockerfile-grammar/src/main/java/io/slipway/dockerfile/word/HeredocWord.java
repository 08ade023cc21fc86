package io.slipway.dockerfile.word;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word that announces a here-document: {@code [digits]<<[-]NAME}. The escape character is a
 * backslash here even in files that chose the backtick.
 *
 * @param name the terminator, quotes removed
 * @param chomp written {@code <<-}
 * @param expand false if any part of the name was quoted
 */
public record HeredocWord(String name, OptionalInt fileDescriptor, boolean chomp, boolean expand) {

  private static final Pattern FORM = Pattern.compile("(\\d*)<<(-?)\\s*+([^<]+)");

  public HeredocWord {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(fileDescriptor, "fileDescriptor");
  }

  /** Reads one word; nothing if it is not a heredoc, for example because the name is two words. */
  public static Optional<HeredocWord> parse(String word) {
    Matcher match = FORM.matcher(word);
    if (!match.matches()) {
      return Optional.empty();
    }
    var options = new WordReader.Options('\\', false, false, false, true, false);
    var reader = new WordReader(match.group(3), options, name -> Optional.empty());
    List<String> names;
    try {
      names = reader.read().words();
    } catch (ExpansionException e) {
      return Optional.empty();
    }
    if (names.size() != 1) {
      return Optional.empty();
    }
    return Optional.of(
        new HeredocWord(
            names.getFirst(),
            fileDescriptor(match.group(1)),
            !match.group(2).isEmpty(),
            !reader.quoteSeen()));
  }

  private static OptionalInt fileDescriptor(String digits) {
    if (digits.isEmpty()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits));
  }

  /**
   * All heredocs of a logical line, in order. A line that the word reader refuses (an unbalanced
   * quote, {@code ${x^}}) has none: that is how the language hides them.
   */
  public static List<HeredocWord> findAll(String line) {
    if (!line.contains("<<")) {
      return List.of();
    }
    return WordReader.splitRaw(line).stream()
        .map(HeredocWord::parse)
        .flatMap(Optional::stream)
        .toList();
  }
}
