package io.slipway.dockerfile.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.SourceRange;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ParserPropertyTest {

  @Property(tries = 1500)
  void anyBytesAreRead(@ForAll byte[] bytes) {
    check(bytes);
  }

  /** Pieces of the language in any order reach further than random bytes. */
  @Provide
  Arbitrary<String> scraps() {
    return Arbitraries.of(
            "FROM",
            "RUN",
            "COPY",
            "ADD",
            "ENV",
            "LABEL",
            "ARG",
            "CMD",
            "SHELL",
            "VOLUME",
            "USER",
            "EXPOSE",
            "ONBUILD",
            "HEALTHCHECK",
            "NONE",
            "MAINTAINER",
            "foo",
            "a",
            "=",
            "a=b",
            "AS",
            "--",
            "--x",
            "--from=a",
            "--link",
            "--mount=type=bind",
            "[",
            "]",
            "\"",
            "'",
            ",",
            "[\"a\"]",
            "[1]",
            "<<",
            "<<A",
            "<<-A",
            "<<'A'",
            "3<<A",
            "A",
            "\\",
            "`",
            "#",
            "$",
            "${",
            "}",
            " ",
            " ",
            "\t",
            "\u000b",
            "\u00a0",
            "\r",
            "\n",
            "\n",
            "\n",
            "\r\n",
            "\\\n",
            "\\ \r\n",
            "`\n",
            "# escape=`\n",
            "# syntax=x\n",
            "# check=y\n",
            "\ufeff",
            "é",
            "\0",
            "\u0001",
            "\uD83D")
        .list()
        .ofMaxSize(40)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 6000)
  void anyScrapsAreRead(@ForAll("scraps") String text) {
    check(text);
    DockerfileParser.parseTrigger(text);
    SyntaxDirective.find(text);
  }

  private static void check(byte[] bytes) {
    DockerfileParser.parse(bytes);
    SyntaxDirective.find(bytes);
  }

  private static void check(String text) {
    Dockerfile file = DockerfileParser.parse(text);
    assertThat(DockerfileParser.parse(text)).isEqualTo(file);
    assertThat(file.instructions().isEmpty() && file.firstError().isEmpty()).isFalse();
    int lines = (int) text.chars().filter(character -> character == '\n').count() + 1;
    SourceRange previous = new SourceRange(1, 1, 1, 1);
    for (Instruction instruction : file.instructions()) {
      SourceRange range = instruction.range();
      assertThat(range.endLine()).isLessThanOrEqualTo(lines);
      assertThat(range.startLine()).isGreaterThanOrEqualTo(previous.endLine());
      previous = range;
    }
    for (Diagnostic diagnostic : file.diagnostics()) {
      assertThat(diagnostic.range().endLine()).isLessThanOrEqualTo(lines);
      assertThat(diagnostic.sentence()).isNotBlank();
    }
  }

  /** What one instruction prints as is read as the same instruction again. */
  @Property(tries = 1500)
  void theOriginalTextMeansTheSame(@ForAll("scraps") String text) {
    for (Instruction instruction : DockerfileParser.parse(text).instructions()) {
      String original = instruction.header().original();
      boolean plain =
          !original.contains("<<") && !text.contains("escape=") && !original.endsWith("\\");
      if (plain) {
        Dockerfile again = DockerfileParser.parse("FROM a\n" + original + "\n");
        assertThat(again.instructions()).last().isInstanceOf(instruction.getClass());
        assertThat(again.instructions().getLast().header().original()).isEqualTo(original);
      }
    }
  }
}
