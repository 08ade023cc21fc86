package io.slipway.dockerfile.ast;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What RUN, CMD, ENTRYPOINT and HEALTHCHECK start: text for the shell, or an argument list. */
public sealed interface Command {

  /**
   * Shell form.
   *
   * @param text the text after keyword and flags: continuations removed, outer blanks trimmed, may
   *     be empty
   * @param heredocs in order of appearance in {@code text}; only RUN has any
   * @param soleHeredoc whether {@code text} is nothing but one heredoc word, as in {@code RUN
   *     <<EOF}
   */
  record Shell(String text, List<Heredoc> heredocs, boolean soleHeredoc) implements Command {

    public Shell {
      Objects.requireNonNull(text, "text");
      heredocs = List.copyOf(heredocs);
      if (soleHeredoc && heredocs.size() != 1) {
        throw new IllegalArgumentException("a sole heredoc needs exactly one heredoc");
      }
    }

    /** The heredoc that is the whole command: its body is the script. */
    public Optional<Heredoc> script() {
      return soleHeredoc ? Optional.of(heredocs.getFirst()) : Optional.empty();
    }

    /** The text followed by all heredoc bodies and terminators, as a shell reads it. */
    public String fullText() {
      var full = new StringBuilder(text);
      for (Heredoc heredoc : heredocs) {
        full.append('\n').append(heredoc.content()).append(heredoc.name());
      }
      return full.toString();
    }
  }

  /** Exec form: the strings of a JSON array, decoded; never expanded. May be empty. */
  record Exec(List<String> arguments) implements Command {

    public Exec {
      arguments = List.copyOf(arguments);
    }
  }
}
