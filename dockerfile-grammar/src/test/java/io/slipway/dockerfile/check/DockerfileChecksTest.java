package io.slipway.dockerfile.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.dockerfile.Table;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.parse.DockerfileParser;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DockerfileChecksTest {

  static Stream<Arguments> checks() {
    return Table.read("checks.txt");
  }

  @ParameterizedTest
  @MethodSource("checks")
  void warns(String text, String expected) {
    Dockerfile file = DockerfileParser.parse(Table.unescape(text));
    assertThat(file.firstError()).isEmpty();
    String actual =
        DockerfileChecks.run(file, CheckOptions.parse("experimental=all")).stream()
            .map(CheckWarning::sentence)
            .collect(Collectors.joining(" ;; "));
    assertThat(actual).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(CheckRule.class)
  void everyRuleIsFoundByItsName(CheckRule rule) {
    assertThat(CheckRule.named(rule.title())).contains(rule);
    assertThat(rule.description()).isNotBlank();
    assertThat(rule.url()).matches("https://[a-z./]+/rule/[a-z]+(-[a-z]+)+/");
  }

  @Test
  void pagesAreNamedAfterTheRules() {
    assertThat(CheckRule.values()).hasSize(22);
    assertThat(CheckRule.JSON_ARGS_RECOMMENDED.url()).endsWith("/rule/json-args-recommended/");
    assertThat(CheckRule.SECRETS_USED_IN_ARG_OR_ENV.url())
        .endsWith("/rule/secrets-used-in-arg-or-env/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "skip=A|A||false",
        "skip=A, B ;error=true|A,B||true",
        " skip = all |all||false",
        "error=0;experimental=C|  |C|false",
        "''||  |false"
      },
      ignoreLeadingAndTrailingWhitespace = true)
  void readsOptions(String text, String skip, String experimental, boolean error) {
    CheckOptions options = CheckOptions.parse(text.equals("''") ? "" : text);
    assertThat(options).isEqualTo(new CheckOptions(set(skip), error, set(experimental)));
  }

  private static Set<String> set(String names) {
    return names == null || names.isBlank()
        ? Set.of()
        : Arrays.stream(names.split(",")).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '^',
      value = {
        "x => invalid check option \"x\"",
        "foo=bar => invalid check option \"foo\"",
        "skip=a; => invalid check option \"\"",
        "error=maybe => failed to parse check option \"error=maybe\": strconv.ParseBool: parsing"
            + " \"maybe\": invalid syntax"
      })
  void refusesOtherOptions(String text, String message) {
    assertThatThrownBy(() -> CheckOptions.parse(text))
        .isInstanceOf(CheckOptionException.class)
        .hasMessage("failed to parse check options: " + message);
  }

  @Test
  void theDirectiveChooses() {
    Dockerfile file =
        DockerfileParser.parse(
            "# check=skip=JSONArgsRecommended;error=true\nFROM a AS B\nCMD x\nMAINTAINER y\n");
    CheckOptions options = CheckOptions.of(file);
    List<CheckWarning> warnings = DockerfileChecks.run(file, options);
    assertThat(warnings)
        .extracting(CheckWarning::rule)
        .containsExactly(CheckRule.STAGE_NAME_CASING, CheckRule.MAINTAINER_DEPRECATED);
    assertThat(options.failure(warnings))
        .contains("lint violation found for rules: MaintainerDeprecated, StageNameCasing");
    assertThat(CheckOptions.DEFAULT.failure(warnings)).isEmpty();
    assertThat(options.failure(List.of())).isEmpty();
  }

  @Test
  void experimentalRulesMustBeAskedFor() {
    Dockerfile file = DockerfileParser.parse("FROM a\n# x\n# y\nARG Z\n");
    assertThat(DockerfileChecks.run(file, CheckOptions.DEFAULT)).isEmpty();
    assertThat(
            DockerfileChecks.run(
                file, CheckOptions.parse("experimental=InvalidDefinitionDescription")))
        .hasSize(1);
  }
}
