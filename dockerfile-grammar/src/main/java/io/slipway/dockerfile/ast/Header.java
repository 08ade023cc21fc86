package io.slipway.dockerfile.ast;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What every instruction has in common.
 *
 * @param keyword as written, case kept; continuations removed
 * @param original the logical line as written, from keyword to the end of the arguments:
 *     continuations and comments in between removed, outer blanks trimmed, without heredoc bodies.
 *     This is the text that progress output and error messages show
 * @param range from the keyword to the end of the last physical line, heredoc bodies and their
 *     terminators included
 * @param flags in the order written, also unknown ones
 * @param comments the comment lines collected above the instruction (a line with only {@code #}
 *     starts anew; blank lines do not); for documentation and {@code # check=} comments
 */
public record Header(
    String keyword, String original, SourceRange range, List<Flag> flags, List<Comment> comments) {

  public Header {
    Objects.requireNonNull(keyword, "keyword");
    Objects.requireNonNull(original, "original");
    Objects.requireNonNull(range, "range");
    flags = List.copyOf(flags);
    comments = List.copyOf(comments);
  }

  /** The last flag of that name. */
  public Optional<Flag> flag(String name) {
    return flags.reversed().stream().filter(flag -> flag.name().equals(name)).findFirst();
  }

  /** All flags of that name, in order: {@code --mount} and {@code --exclude} may be repeated. */
  public List<Flag> flags(String name) {
    return flags.stream().filter(flag -> flag.name().equals(name)).toList();
  }

  /** The value of the last flag of that name; empty if it is absent. */
  public Optional<String> flagValue(String name) {
    return flag(name).flatMap(Flag::value);
  }

  /** Whether the boolean flag of that name is given and not false. */
  public boolean isSet(String name) {
    return flag(name).map(Flag::isTrue).orElse(false);
  }

  /**
   * The documentation of {@code subject} (a stage or an argument): the last comment that begins
   * with that name and a blank, without them.
   */
  public Optional<String> documentationOf(String subject) {
    String prefix = subject + " ";
    return comments.reversed().stream()
        .map(Comment::text)
        .filter(text -> text.startsWith(prefix))
        .map(text -> text.substring(prefix.length()))
        .findFirst();
  }
}
