package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Heredoc;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.word.HeredocWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells which words before the destination of COPY and ADD are paths and which are heredocs. */
record TransferSources(List<Word> paths, List<Heredoc> heredocs) {

  /** An operator whose name is the next word, as in {@code COPY << EOF /file}. */
  private static final Pattern OPERATOR = Pattern.compile("\\d*<<-?");

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
    int last = words.size() - 1;
    for (int i = 0; i < last; i++) {
      String word = words.get(i).text();
      boolean nameFollows = i + 1 < last && OPERATOR.matcher(word).matches();
      Optional<Heredoc> body = find(nameFollows ? word + words.get(i + 1).text() : word, bodies);
      if (body.isPresent()) {
        heredocs.add(body.get());
        i += nameFollows ? 1 : 0;
      } else {
        paths.add(words.get(i));
      }
    }
    return new TransferSources(paths, heredocs);
  }

  private static Optional<Heredoc> find(String word, List<Heredoc> bodies) {
    Optional<HeredocWord> heredoc = HeredocWord.parse(word);
    return heredoc.flatMap(
        wanted -> bodies.stream().filter(body -> body.name().equals(wanted.name())).findFirst());
  }
}
