package io.slipway.dockerfile.word;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.dockerfile.Table;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WordExpanderTest {

  private static final Env ENV =
      Env.of(
          Map.of(
              "a", "alpha",
              "b", "beta",
              "e", "",
              "path", "/usr/local/lib/libx.so.1",
              "dots", "a.b.c",
              "star", "*",
              "han", "값",
              "값", "korean",
              "up", "../..",
              "words", "one two"));

  private final WordExpander backslash = new WordExpander('\\');
  private final WordExpander backtick = new WordExpander('`');

  static Stream<Arguments> words() {
    return Table.read("words.txt");
  }

  @ParameterizedTest
  @MethodSource("words")
  void expands(String word, String expected) {
    if (expected.startsWith("! ")) {
      assertThatThrownBy(() -> backslash.expand(word, ENV))
          .isInstanceOf(ExpansionException.class)
          .hasMessage("failed to process " + Quoted.of(word) + ": " + expected.substring(2));
    } else {
      assertThat(backslash.expand(word, ENV).text()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "`$a|$a",
        "\\$a|\\alpha",
        "C:\\x\\$a|C:\\x\\alpha",
        "\"a`\"b\"|a\"b",
        "\"a\\b\"|a\\b",
        "a``b|a`b",
        "${nope:-C:\\x}|C:\\x",
        "${nope:-a`}b}|a}b"
      })
  void theBacktickEscapesInsteadWhenChosen(String word, String expected) {
    assertThat(backtick.expand(word, ENV).text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "80 90|80,90",
        "$words|one,two",
        "\"$words\"|one two",
        "x$words|xone,two",
        "8${nope:-0}|80",
        "a\\ b c|a b,c",
        "'a b' c|a b,c",
        "\"\" x|x",
        "$e x|x"
      })
  void splitsAtBlanksThatAreNotProtected(String word, String expected) {
    assertThat(String.join(",", backslash.expand(word, ENV).words())).isEqualTo(expected);
  }

  @Test
  void nothingHasNoWords() {
    assertThat(backslash.expand("$e", ENV).words()).isEmpty();
    assertThat(backslash.expand("''", ENV).words()).isEmpty();
  }

  @Test
  void tellsWhichVariablesWereReadAndWhichWereNotThere() {
    Expansion expansion = backslash.expand("$b${nope:-$a}${e:+$gone}$a", ENV);
    assertThat(expansion.used()).containsExactly("b", "a", "e");
    assertThat(expansion.undefined()).containsExactly("nope", "gone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "say \"$a\" and '$b'|say \"alpha\" and 'beta'",
        "it's $a|it's alpha",
        "a\\nb|anb",
        "\\$a|$a",
        "${nope:-x y}|x y"
      })
  void aHeredocBodyKeepsItsQuotesAndLosesItsEscapes(String body, String expected) {
    assertThat(backslash.expandHeredoc(body, ENV).text()).isEqualTo(expected);
    assertThat(backtick.expandHeredoc(body, ENV).text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "RUN echo $a $nope ${nope} ${nope:-$b}|RUN echo alpha $nope ${nope} ${nope:-beta}",
        "RUN echo '$a' \"$b\" \\$a|RUN echo '$a' \"beta\" \\$a",
        "RUN it's $a|RUN it's $a",
        "${nope/x/$a} ${nope//x/y}|${nope/x/alpha} ${nope//x/y}"
      })
  void textForPeopleKeepsWhatItCannotReplace(String text, String expected) {
    assertThat(backslash.expandForDisplay(text, ENV)).isEqualTo(expected);
  }

  @Test
  void valuesAreNotExpandedAgain() {
    Env env = Env.of(Map.of("a", "$b '\"\\"));
    assertThat(backslash.expand("$a", env).text()).isEqualTo("$b '\"\\");
    assertThat(backslash.expand("\"$a\"", env).text()).isEqualTo("$b '\"\\");
  }

  @Test
  void starDoesNotCrossLines() {
    Env env = Env.of(Map.of("x", "one\ntwo"));
    assertThat(backslash.expand("${x##*}", env).text()).isEqualTo("\ntwo");
    assertThat(backslash.expand("${x%%*}", env).text()).isEqualTo("one\n");
    assertThat(backslash.expand("${x//?/-}", env).text()).isEqualTo("---\n---");
  }

  @Test
  void patternsWorkOnWholeCharacters() {
    Env env = Env.of(Map.of("x", "🖖🚀👽"));
    assertThat(backslash.expand("${x#?}", env).text()).isEqualTo("🚀👽");
    assertThat(backslash.expand("${x%?}", env).text()).isEqualTo("🖖🚀");
  }

  @Test
  void nestingHasALimitThatIsTold() {
    String word = "${x:-".repeat(5000) + "}".repeat(5000);
    assertThatThrownBy(() -> backslash.expand(word, ENV))
        .isInstanceOf(ExpansionException.class)
        .hasMessageEndingWith("syntax error: more than 200 substitutions inside one another");
    String allowed = "${x:-".repeat(200) + "deep" + "}".repeat(200);
    assertThat(backslash.expand(allowed, ENV).text()).isEqualTo("deep");
  }

  @Test
  void theResultHasALimitThatIsTold() {
    Env env = Env.of(Map.of("big", "x".repeat(1 << 20)));
    assertThatThrownBy(() -> backslash.expand("$big".repeat(17), env))
        .isInstanceOf(ExpansionException.class)
        .hasMessageContaining("longer than 16777216 characters");
    assertThatThrownBy(() -> backslash.expand("${big//x/$big}", env))
        .isInstanceOf(ExpansionException.class);
  }

  @Test
  void theMessageQuotesTheWordAsPeopleKnowIt() {
    assertThatThrownBy(() -> backslash.expand("a\t\"é\u0001", ENV))
        .hasMessageStartingWith("failed to process \"a\\t\\\"é\\x01\": ");
  }
}
