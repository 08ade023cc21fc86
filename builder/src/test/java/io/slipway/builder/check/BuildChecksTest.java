package io.slipway.builder.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.slipway.dockerfile.check.CheckOptions;
import io.slipway.dockerfile.check.CheckWarning;
import io.slipway.dockerfile.parse.DockerfileParser;
import io.slipway.image.model.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules that need more than the text, the strict mode, and the outline. */
class BuildChecksTest {
  private static final Platform AMD64 = new Platform("linux", "amd64");
  private static final CheckFacts FACTS =
      new CheckFacts(
          name ->
              switch (name) {
                case "arm" ->
                    Optional.of(new CheckFacts.Base(Set.of(), new Platform("linux", "arm64")));
                case "unknown" -> Optional.empty();
                default -> Optional.of(new CheckFacts.Base(Set.of("HOME_OF_BASE"), AMD64));
              },
          "ignored"::equals,
          "dir"::equals,
          "there*"::equals,
          Set.of("GIVEN"),
          AMD64);

  private static List<String> warnings(String dockerfile) {
    return BuildChecks.run(
            DockerfileParser.parse(dockerfile.replace("\\n", "\n")), CheckOptions.DEFAULT, FACTS)
        .stream()
        .map(CheckWarning::sentence)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FROM base\\nENV A=$PAHT | UndefinedVar: Usage of undefined variable '$PAHT' (did you mean"
            + " $PATH?) (line 2)",
        "FROM base\\nCOPY $foo . | UndefinedVar: Usage of undefined variable '$foo' (line 2)",
        "FROM base\\nARG foo\\nCOPY $foo . |",
        "FROM base\\nENV A=$HOME_OF_BASE |",
        "FROM unknown\\nENV A=$ANY |",
        "FROM base AS a\\nENV X=1\\nFROM a\\nENV Y=$X |",
        "ARG G=1\\nFROM base\\nARG G\\nENV Y=$G |",
        "ARG G=1\\nFROM base\\nENV Y=$G | UndefinedVar: Usage of undefined variable '$G' (line 3)",
        "FROM base\\nENV Y=${G:-x} | UndefinedVar: Usage of undefined variable '$G' (line 2)",
        "ARG TAG\\nFROM base:$TAG | InvalidDefaultArgInFrom: Default value for ARG base:$TAG"
            + " results in empty or invalid base image name (line 2)",
        "ARG TAG=1\\nFROM base:$TAG |",
        "FROM arm | InvalidBaseImagePlatform: Base image arm was pulled with platform"
            + " \"linux/arm64\", expected \"linux/amd64\" for current build (line 1)",
        "FROM base\\nCOPY ignored . | CopyIgnoredFile: Attempting to Copy file \"ignored\" that is"
            + " excluded by .dockerignore (line 2)",
        "FROM base\\nADD ignored . | CopyIgnoredFile: Attempting to Add file \"ignored\" that is"
            + " excluded by .dockerignore (line 2)",
        "FROM base AS a\\nFROM base\\nCOPY --from=a ignored . |",
        "FROM base\\n# check=skip=CopyIgnoredFile\\nCOPY ignored . |",
        "FROM base AS B | StageNameCasing: Stage name 'B' should be lowercase (line 1)"
      })
  void rules(String dockerfile, String warning) {
    assertThat(warnings(dockerfile)).isEqualTo(warning == null ? List.of() : List.of(warning));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COPY a b /x | several sources and a destination without a slash",
        "COPY a b /x/ |",
        "COPY a b . |",
        "COPY none* /x/ | no file matches none*",
        "COPY there* /x/ |",
        "COPY --link --chown=app a /x | --link cannot look up --chown=app",
        "COPY --link --chown=1:2 a /x |",
        "COPY --link --chmod=755 a /x | --chmod turns --link off",
        "COPY --chmod=644 dir /x/ | write --chmod=u=rwX,g=rX,o=rX",
        "COPY --chmod=755 dir /x/ |",
        "COPY --chmod=644 f /x |",
        "COPY --exclude=$X a /x | variables are not expanded in --exclude=$X",
        "COPY --exclude=a a /x | --exclude=a does not leave out a source that is named itself",
        "RUN --mount=type=secret,id=t,env=T x | add required=true",
        "RUN --mount=type=secret,id=t,env=T,required=true x |",
        "RUN <<EOF\\na\\nb\\nEOF | begin it with set -e",
        "RUN <<EOF\\nset -eu\\nb\\nEOF |",
        "RUN <<EOF\\na\\nEOF |",
        "CMD ['a', 'b'] | is no JSON array",
        "RUN [ -f /x ] |",
        "ENV V=1\\nARG V=2 | ARG V hides ENV V",
        "ENV V=1\\nARG V |"
      })
  void strict(String instructions, String sentence) {
    String dockerfile = "FROM base\nARG GIVEN\n" + instructions.replace("\\n", "\n") + "\n";
    List<StrictFinding> findings = StrictChecks.run(DockerfileParser.parse(dockerfile), FACTS);
    if (sentence == null) {
      assertThat(findings).isEmpty();
    } else {
      assertThat(findings).hasSize(1);
      assertThat(findings.getFirst().sentence()).contains(sentence);
      assertThat(findings.getFirst().range().startLine()).isGreaterThan(2);
    }
  }

  @Test
  void strictBuildsUseEveryArgument() {
    assertThat(StrictChecks.run(DockerfileParser.parse("FROM base\n"), FACTS))
        .extracting(StrictFinding::sentence)
        .containsExactly("build argument GIVEN is given but never used: declare it with ARG GIVEN");
  }

  @Test
  void outlineOfWhatATargetNeeds() {
    var file =
        DockerfileParser.parse(
            """
            # VERSION is what to build
            ARG VERSION=1
            FROM base AS other
            ARG UNSEEN=1
            # deps brings what is needed
            FROM base AS deps
            RUN --mount=type=secret,id=token,required=true --mount=type=ssh fetch
            FROM base AS app
            ARG MODE=fast
            COPY --from=deps /x /x
            """);
    Outline outline = Outline.of(file, "", Map.of("MODE", "slow"));
    assertThat(outline.target()).isEqualTo("app");
    assertThat(outline.arguments())
        .extracting(Outline.Argument::name, Outline.Argument::value)
        .containsExactly(tuple("VERSION", "1"), tuple("MODE", "slow"));
    assertThat(outline.arguments().getFirst().description()).isEqualTo("is what to build");
    assertThat(outline.secrets())
        .extracting(Outline.Loan::name, Outline.Loan::required)
        .containsExactly(tuple("token", true));
    assertThat(outline.agents()).extracting(Outline.Loan::name).containsExactly("default");
    assertThat(Outline.targets(file))
        .extracting(Outline.Target::name, Outline.Target::description, Outline.Target::isDefault)
        .containsExactly(
            tuple("other", "", false),
            tuple("deps", "brings what is needed", false),
            tuple("app", "", true));
  }
}
