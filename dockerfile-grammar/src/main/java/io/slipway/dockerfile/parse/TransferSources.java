package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Heredoc;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.word.HeredocWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells which words before the destination of COPY and ADD are paths and which are heredocs. Here
 * words end at every blank, so a heredoc whose name has one, or stands apart from its operator, is
 * taken for paths, though the line announces its body.
 */
record TransferSources(List<Word> paths, List<Heredoc> heredocs) {

  TransferSources {
    paths = List.copyOf(paths);
    heredocs = List.copyOf(heredocs);
  }

  /**
   * @param words sources and destination
   * @param bodies the heredocs of the line
   */
  static TransferSources of(List<Word> words, List<Heredoc> bodies) {
    List<Word> paths = new ArrayList<>();
    List<Heredoc> heredocs = new ArrayList<>();
    for (Word word : words.subList(0, words.size() - 1)) {
      find(word.text(), bodies).ifPresentOrElse(heredocs::add, () -> paths.add(word));
    }
    return new TransferSources(paths, heredocs);
  }

  private static Optional<Heredoc> find(String word, List<Heredoc> bodies) {
    Optional<HeredocWord> heredoc = HeredocWord.parse(word);
    return heredoc.flatMap(
        wanted -> bodies.stream().filter(body -> body.name().equals(wanted.name())).findFirst());
  }
}
