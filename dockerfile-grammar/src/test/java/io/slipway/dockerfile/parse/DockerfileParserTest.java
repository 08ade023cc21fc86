package io.slipway.dockerfile.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.dockerfile.ast.Command;
import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.Header;
import io.slipway.dockerfile.ast.Instruction;
import io.slipway.dockerfile.ast.Stage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileParserTest {

  @Test
  void groupsInstructionsIntoStages() {
    Dockerfile file =
        DockerfileParser.parse("ARG A\nARG B\nFROM x AS One\nRUN a\nARG C\nFROM one\nRUN b\n");
    assertThat(file.globalArgs()).hasSize(2);
    assertThat(file.stages()).hasSize(2);
    Stage first = file.stages().getFirst();
    assertThat(first.index()).isZero();
    assertThat(first.from().stageName()).contains("one");
    assertThat(first.instructions()).hasSize(2);
    assertThat(file.stages().get(1).from().stageName()).isEmpty();
    assertThat(file.stages().get(1).instructions()).hasSize(1);
  }

  @Test
  void flagsAreFoundByName() {
    Header header =
        DockerfileParser.parse("FROM a\nRUN --mount=a --mount=b --network=none x\n")
            .instructions()
            .get(1)
            .header();
    assertThat(header.flags("mount")).hasSize(2);
    assertThat(header.flagValue("mount")).contains("b");
    assertThat(header.flagValue("security")).isEmpty();
    Header copy =
        DockerfileParser.parse("FROM a\nCOPY --link --parents=FALSE b c\n")
            .instructions()
            .get(1)
            .header();
    assertThat(copy.isSet("link")).isTrue();
    assertThat(copy.isSet("parents")).isFalse();
    assertThat(copy.isSet("other")).isFalse();
  }

  @Test
  void commentsDocumentStagesAndArguments() {
    Dockerfile file =
        DockerfileParser.parse("# base is old\n# base the base image\n# A\n\nFROM a AS base\n");
    Header header = file.instructions().getFirst().header();
    assertThat(header.documentationOf("base")).contains("the base image");
    assertThat(header.documentationOf("A")).isEmpty();
  }

  @Test
  void aShellCommandCanBeMadeWholeAgain() {
    Dockerfile file =
        DockerfileParser.parse(
            "FROM a\nRUN cat <<A <<-B | sh\na\nA\n\tb\n\tB\nRUN <<-X\n\tx\n\t\ty\n\tX\n");
    var run = (Instruction.Run) file.instructions().get(1);
    var shell = (Command.Shell) run.command();
    assertThat(shell.script()).isEmpty();
    assertThat(shell.fullText()).isEqualTo("cat <<A <<-B | sh\na\nA\n\tb\nB");
    var script = (Command.Shell) ((Instruction.Run) file.instructions().get(2)).command();
    assertThat(script.script().orElseThrow().body()).isEqualTo("x\ny\n");
  }

  @Test
  void aTriggerIsReadWhenItFires() {
    Dockerfile file = DockerfileParser.parse("FROM a\nONBUILD RUN <<A sh\necho hi\nA\n");
    var onbuild = (Instruction.Onbuild) file.instructions().get(1);
    Dockerfile trigger = DockerfileParser.parseTrigger(onbuild.trigger());
    assertThat(trigger.diagnostics()).isEmpty();
    assertThat(trigger.instructions()).hasSize(1);
    var shell = (Command.Shell) ((Instruction.Run) trigger.instructions().getFirst()).command();
    assertThat(shell.heredocs().getFirst().content()).isEqualTo("echo hi\n");
  }

  @Test
  void aBlankInAHeredocOfCopyMakesPathsOfIt() {
    for (String source : List.of("<< EOF", "<<\"E F\"", "<<E\\ F")) {
      String end = source.replaceAll("[<\"\\\\]", "").strip();
      Dockerfile file =
          DockerfileParser.parse("FROM a\nCOPY " + source + " /to/\nbody\n" + end + "\nUSER u\n");
      var copy = (Instruction.Copy) file.instructions().get(1);
      assertThat(copy.heredocs()).as(source).isEmpty();
      assertThat(copy.sources()).as(source).hasSize(2);
      assertThat(file.instructions().get(2)).isInstanceOf(Instruction.User.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FROM a|FROM isn't allowed as an ONBUILD trigger",
        "ONBUILD RUN x|Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
        "MAINTAINER x|MAINTAINER isn't allowed as an ONBUILD trigger",
        "COPY x|COPY requires at least two arguments, but only one was provided."
            + " Destination could not be determined",
        "NONSENSE|unknown instruction: NONSENSE",
        "''|the Dockerfile cannot be empty",
        "' '|file with no instructions"
      })
  void aTriggerHasFaultsToo(String text, String message) {
    assertThat(DockerfileParser.parseTrigger(text).firstError().map(Diagnostic::message))
        .contains(message);
  }

  @Test
  void aTriggerIsOneInstruction() {
    assertThat(DockerfileParser.parseTrigger("RUN a\nRUN b").firstError().map(Diagnostic::message))
        .contains("onbuild trigger should be a single expression");
  }

  @Test
  void bytesThatAreNoUtf8AreReplaced() {
    byte[] text = "FROM a\nRUN \u00ff\n".getBytes(StandardCharsets.ISO_8859_1);
    var run = (Instruction.Run) DockerfileParser.parse(text).instructions().get(1);
    assertThat(((Command.Shell) run.command()).text()).isEqualTo("\ufffd");
  }

  @Test
  void controlCharactersOfTheLexersOwnAreJustText() {
    String odd = "a\u0001b\u0002c\u0003d\u0000e\ue000f";
    Dockerfile file = DockerfileParser.parse("FROM a\nRUN " + odd + "\nENV A=" + odd + " B=c\n");
    assertThat(file.diagnostics()).isEmpty();
    var env = (Instruction.Env) file.instructions().get(2);
    assertThat(env.pairs()).extracting(pair -> pair.value().text()).containsExactly(odd, "c");
  }

  @Test
  void nothingNestsWithoutEnd() {
    for (String text :
        List.of(
            "FROM a\nONBUILD " + "ONBUILD ".repeat(5000),
            "FROM a\nRUN " + "[".repeat(60000),
            "FROM a\nRUN " + "[".repeat(30000) + "]".repeat(30000),
            "FROM a\nRUN echo " + "${a:-".repeat(10000) + " <<EOF")) {
      assertThat(DockerfileParser.parse(text).instructions()).isNotEmpty();
    }
  }

  /** No time is asserted: anything quadratic here would be seen as a hanging test. */
  @Test
  void longInputIsNoProblem() {
    String continued = "RUN a \\\n" + "\n# c\n".repeat(50_000) + " \\\n".repeat(50_000) + " b\n";
    String many =
        "RUN echo \"é\" && x | y > z 2>&1 # c\nENV A=b C=\"d e\" F=g\\ h\n".repeat(20_000);
    String heredoc = "RUN <<EOF\n" + "line\n".repeat(100_000) + "EOF\n";
    String heredocs = "RUN " + "<<A ".repeat(5_000) + "\\\n\n" + "A\n".repeat(5_001);
    String blank = "RUN x" + (" ".repeat(60_000) + "\\\n").repeat(20) + "y\n";
    Dockerfile file =
        DockerfileParser.parse("FROM a\n" + continued + many + heredoc + heredocs + blank);
    assertThat(file.instructions()).hasSizeGreaterThan(40_000);
  }
}
