package io.slipway.dockerfile.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.dockerfile.Table;
import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Diagnostic.Code;
import io.slipway.dockerfile.ast.Diagnostic.Severity;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.SourceRange;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosticTest {

  static Stream<Arguments> errors() {
    return Table.read("errors.txt");
  }

  @ParameterizedTest
  @MethodSource("errors")
  void saysWhatPeopleKnow(String text, String sentence) {
    Dockerfile file = DockerfileParser.parse(Table.unescape(text));
    assertThat(file.firstError().map(Diagnostic::sentence)).contains(Table.unescape(sentence));
  }

  @Test
  void nothingAtAllHasItsOwnSentence() {
    Dockerfile file = DockerfileParser.parse(new byte[0]);
    assertThat(file.firstError().orElseThrow().sentence())
        .isEqualTo("the Dockerfile cannot be empty");
    assertThat(file.firstError().orElseThrow().code()).isEqualTo(Code.EMPTY_FILE);
  }

  @Test
  void aPhysicalLineHasALimitInBytes() {
    String allowed = "FROM a\nRUN " + "x".repeat(65531) + "\n";
    assertThat(DockerfileParser.parse(allowed).firstError()).isEmpty();
    for (String tooLong :
        new String[] {
          "FROM a\nRUN " + "x".repeat(65532),
          "FROM a\nRUN <<EOF\n" + "\u00e9".repeat(32768) + "\nEOF\n"
        }) {
      Diagnostic error = DockerfileParser.parse(tooLong).firstError().orElseThrow();
      assertThat(error.sentence())
          .isEqualTo("dockerfile line greater than max allowed size of 65535");
      assertThat(error.range().startLine()).isEqualTo(tooLong.contains("<<") ? 3 : 2);
    }
  }

  @Test
  void aLogicalLineHasNone() {
    String line = ("  " + "x".repeat(1000) + " \\\n").repeat(300);
    assertThat(DockerfileParser.parse("FROM a\nRUN \\\n" + line).firstError()).isEmpty();
  }

  @Test
  void everyFaultIsToldAndTheRestIsRead() {
    Dockerfile file =
        DockerfileParser.parse("FROM a\nFOO x\nENV A\nCOPY --lnk a b\nRUN ok\nWORKDIR\n");
    assertThat(file.diagnostics().stream().map(Diagnostic::code))
        .containsExactly(
            Code.UNKNOWN_INSTRUCTION, Code.WORD_SYNTAX, Code.FLAG, Code.ARGUMENT_COUNT);
    assertThat(file.instructions()).hasSize(2);
  }

  @Test
  void aFaultIsPlacedOnTheWholeInstruction() {
    Dockerfile file = DockerfileParser.parse("FROM a\nCOPY --lnk \\\n <<EOF /x\nhello\nEOF\n");
    assertThat(file.firstError().orElseThrow().range()).isEqualTo(new SourceRange(2, 1, 5, 4));
  }

  @Test
  void anEmptyLineInAContinuationIsAWarning() {
    Dockerfile file = DockerfileParser.parse("FROM a\nRUN one \\\n\n   \n  two\nRUN three\n");
    assertThat(file.firstError()).isEmpty();
    assertThat(file.diagnostics()).hasSize(1);
    Diagnostic warning = file.diagnostics().getFirst();
    assertThat(warning.severity()).isEqualTo(Severity.WARNING);
    assertThat(warning.sentence()).isEqualTo("Empty continuation line found in: RUN one   two");
    assertThat(warning.range().startLine()).isEqualTo(5);
  }

  @Test
  void commentsInAContinuationAndEmptyLinesInAHeredocAreNone() {
    String text = "FROM a\nRUN one \\\n# c\n  # c \\\n two\nRUN <<EOF\n\n\nEOF\n\n\nRUN x \\\n";
    assertThat(DockerfileParser.parse(text).diagnostics()).isEmpty();
  }
}
