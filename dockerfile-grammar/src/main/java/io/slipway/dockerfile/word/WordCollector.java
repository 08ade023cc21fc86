package io.slipway.dockerfile.word;

import java.util.ArrayList;
import java.util.List;

/** Splits what a {@link WordReader} produces into words, at blanks that were not protected. */
final class WordCollector {

  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();

  /** Text in which blanks separate words: unquoted characters and values of variables. */
  void addSplitting(String text) {
    text.codePoints()
        .forEach(codePoint -> {
          if (Whitespace.isSpace(codePoint)) {
            endWord();
          } else {
            word.appendCodePoint(codePoint);
          }
        });
  }

  /** Text that belongs to one word whatever it holds. */
  void addProtected(String text) {
    word.append(text);
  }

  /** An empty quoted word counts for nothing, as in the language's own splitter. */
  private void endWord() {
    if (!word.isEmpty()) {
      words.add(word.toString());
      word.setLength(0);
    }
  }

  List<String> finish() {
    endWord();
    return List.copyOf(words);
  }
}
