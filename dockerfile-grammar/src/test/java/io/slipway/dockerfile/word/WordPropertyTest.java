package io.slipway.dockerfile.word;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;

class WordPropertyTest {

  private static final Env ENV = Env.of(Map.of("a", "x y", "b", "", "c", "*?/}'\"\\"));

  @Provide
  Arbitrary<String> nasty() {
    return Arbitraries.of(
            "$", "{", "}", "a", "b", "c", "nope", ":", "-", "+", "?", "#", "%", "/", "*", "\\", "`",
            "'", "\"", " ", "<<", "\n", "é", "값", "\uD83D", "${a", "${a:-", "${c//", "1", "=")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }

  /** Anything but an ExpansionException fails the property. */
  @Property(tries = 4000)
  void expandsOrSaysWhyNot(@ForAll("nasty") String word) {
    for (char escape : new char[] {'\\', '`'}) {
      var expander = new WordExpander(escape);
      try {
        Expansion expansion = expander.expand(word, ENV);
        assertThat(expander.expand(word, ENV)).isEqualTo(expansion);
      } catch (ExpansionException e) {
        assertThat(e).hasMessageStartingWith("failed to process \"");
      }
      try {
        expander.expandHeredoc(word, ENV);
      } catch (ExpansionException e) {
        assertThat(e).hasMessageStartingWith("failed to process \"");
      }
      assertThat(expander.expandForDisplay(word, ENV)).isNotNull();
    }
    HeredocWord.findAll(word);
  }

  @Property(tries = 500)
  void anyTextSurvivesSingleQuotes(@ForAll String text) {
    String plain = text.replace("'", "").replaceAll("[\\uD800-\\uDFFF]", "");
    assertThat(new WordExpander('\\').expand("'" + plain + "'", ENV).text()).isEqualTo(plain);
  }

  @Property(tries = 500)
  void textWithoutSpecialCharactersIsItsOwnValue(@ForAll @AlphaChars String text) {
    Expansion expansion = new WordExpander('\\').expand(text, ENV);
    assertThat(expansion.text()).isEqualTo(text);
    assertThat(expansion.used()).isEmpty();
  }

  @Provide
  Arbitrary<String> smallPattern() {
    return Arbitraries.strings().withChars("ab*?\n").ofMaxLength(6);
  }

  @Provide
  Arbitrary<String> smallValue() {
    return Arbitraries.strings().withChars("ab\n").ofMaxLength(12);
  }

  private static Pattern regex(String pattern, boolean longest) {
    return Pattern.compile(
        pattern.replace("?", "[^\n]").replace("*", longest ? "[^\n]*" : "[^\n]*?"));
  }

  @Property(tries = 3000)
  void globsAgreeWithRegularExpressions(
      @ForAll("smallPattern") String pattern, @ForAll("smallValue") String value) {
    Glob glob = Glob.compile(pattern);
    for (boolean longest : new boolean[] {true, false}) {
      var prefix = regex(pattern, longest).matcher(value);
      String expected = prefix.lookingAt() ? value.substring(prefix.end()) : value;
      assertThat(glob.trimPrefix(value, longest)).isEqualTo(expected);
    }
    String first = regex(pattern, true).matcher(value).replaceFirst("X");
    assertThat(glob.replace(value, "X", false)).isEqualTo(first);
  }

  @Property(tries = 2000)
  void suffixesMirrorPrefixes(
      @ForAll("smallPattern") String pattern, @ForAll("smallValue") String value) {
    String mirroredPattern = new StringBuilder(pattern).reverse().toString();
    String mirroredValue = new StringBuilder(value).reverse().toString();
    for (boolean longest : new boolean[] {true, false}) {
      String mirrored = Glob.compile(mirroredPattern).trimPrefix(mirroredValue, longest);
      assertThat(Glob.compile(pattern).trimSuffix(value, longest))
          .isEqualTo(new StringBuilder(mirrored).reverse().toString());
    }
  }

  /** Patterns that a backtracking matcher would not survive end quickly. */
  @Property(tries = 10)
  void patternsCannotExplode(@ForAll @StringLength(min = 1, max = 3) @AlphaChars String letter) {
    String word = "${v//" + "*a".repeat(30) + "Z/" + letter + "}";
    Env env = Env.of(Map.of("v", "a".repeat(20_000)));
    assertThat(new WordExpander('\\').expand(word, env).text()).hasSize(20_000);
  }
}
