package io.slipway.dockerfile.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.dockerfile.Table;
import io.slipway.dockerfile.ast.SourceRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxDirectiveTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '^',
      value = {
        "#syntax=a/b:1 => a/b:1",
        "# Syntax = a/b:1 => a/b:1",
        "\\B# syntax=a => a",
        "# escape=`\\n# syntax=a\\nFROM x => a",
        "#!/usr/bin/env x\\n# syntax=a => a",
        "#!/usr/bin/env x\\n// syntax=a => a",
        "//syntax=a\\nwhatever => a",
        "{\"syntax\": \"a\"} => a",
        "\\B {\"x\": [1, {\"syntax\": \"no\"}], \"syntax\": \"a\\\\u0062\"}\\n => ab",
        "#!x\\n{\"syntax\":\"a\"} => a",
        "# syntax=a\\r\\nFROM x\\r\\n => a",
        "# syntax=a\\n# syntax=b => a"
      })
  void finds(String text, String image) {
    assertThat(SyntaxDirective.find(Table.unescape(text)).map(SyntaxDirective::image))
        .contains(image);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '^',
      value = {
        "FROM x\\n# syntax=a",
        "\\n# syntax=a",
        "# comment\\n# syntax=a",
        "# foo=b\\n# syntax=a",
        "# syntax=",
        "# syntax",
        "/ syntax=a",
        "{\"syntax\": 1}",
        "{\"syntax\": \"a\"} x",
        "{\"syntax\": \"a\"",
        "[\"syntax\", \"a\"]",
        "#!x",
        "\\n"
      })
  void findsNothingElse(String text) {
    assertThat(SyntaxDirective.find(Table.unescape(text))).isEmpty();
  }

  @Test
  void keepsTheWholeCommandLineAndItsPlace() {
    assertThat(SyntaxDirective.find("# escape=`\n# syntax=a/b --c d \n"))
        .contains(new SyntaxDirective("a/b", "a/b --c d", new SourceRange(2, 1, 2, 20)));
  }
}
