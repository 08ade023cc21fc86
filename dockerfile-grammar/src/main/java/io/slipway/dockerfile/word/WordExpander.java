package io.slipway.dockerfile.word;

import io.slipway.dockerfile.ast.Word;
import java.util.Objects;

/**
 * Expands words the way the Dockerfile language does: {@code $name}, {@code ${name}} with the
 * modifiers {@code :- - :+ + :? ? # ## % %% / //}, single and double quotes, and the escape
 * character. Pure and safe to share between threads.
 *
 * <p>Two faults of the reference implementation are not repeated: text before {@code ${x:-y}} is
 * kept when a value is split into words, and {@code $1} in the replacement of {@code ${x//p/r}} is
 * plain text.
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
    return read(word, env, new WordReader.Options(escape, false, false, false, false, false));
  }

  /**
   * The body of a COPY or ADD heredoc: variables are replaced, quotes mean nothing, and the escape
   * character is a backslash even in files that chose the backtick.
   *
   * @throws ExpansionException {@code failed to process "BODY": ...}
   */
  public Expansion expandHeredoc(String body, Env env) {
    return read(body, env, new WordReader.Options('\\', false, false, true, false, false));
  }

  /**
   * Text for people, such as an instruction in progress output: set variables are replaced, unset
   * ones, quotes and escapes stay as written; text that cannot be expanded comes back unchanged.
   */
  public String expandForDisplay(String text, Env env) {
    try {
      return read(text, env, new WordReader.Options(escape, true, true, false, true, false)).text();
    } catch (ExpansionException e) {
      return text;
    }
  }

  private static Expansion read(String word, Env env, WordReader.Options options) {
    Objects.requireNonNull(word, "word");
    Objects.requireNonNull(env, "env");
    return new WordReader(word, options, env).read();
  }
}
