package io.slipway.dockerfile.word;

import io.slipway.dockerfile.ast.Word;
import java.util.Objects;

/**
 * Expands words the way the Dockerfile language does: {@code $name}, {@code ${name}} with the
 * modifiers {@code :- - :+ + :? ? # ## % %% / //}, single and double quotes, and the escape
 * character. Pure and safe to share between threads.
 */
public final class WordExpander {

  private final char escape;

  /**
   * @param escape the Dockerfile's escape character, {@code \} or {@code `}
   */
  public WordExpander(char escape) {
    this.escape = escape;
  }

  /**
   * The value of a word of an instruction.
   *
   * @throws ExpansionException {@code failed to process "WORD": ...}
   */
  public Expansion expand(Word word, Env env) {
    return expand(word.text(), env);
  }

  /**
   * The value of a word, such as a flag's value.
   *
   * @throws ExpansionException {@code failed to process "WORD": ...}
   */
  public Expansion expand(String word, Env env) {
    Objects.requireNonNull(env, "env");
    throw new ExpansionException("not written yet: " + word + escape);
  }

  /**
   * The body of a COPY or ADD heredoc: variables are replaced, quotes mean nothing.
   *
   * @throws ExpansionException {@code failed to process "BODY": ...}
   */
  public Expansion expandHeredoc(String body, Env env) {
    Objects.requireNonNull(env, "env");
    throw new ExpansionException("not written yet: " + body);
  }

  /**
   * Text for people, such as an instruction in progress output: set variables are replaced, unset
   * ones, quotes and escapes stay as written; text that cannot be expanded comes back unchanged.
   */
  public String expandForDisplay(String text, Env env) {
    Objects.requireNonNull(env, "env");
    throw new ExpansionException("not written yet: " + text);
  }
}
