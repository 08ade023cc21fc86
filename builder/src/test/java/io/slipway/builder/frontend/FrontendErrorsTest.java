package io.slipway.builder.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.slipway.builder.error.DockerfileException;
import io.slipway.dockerfile.parse.DockerfileParser;
import io.slipway.image.error.SlipwayException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Error texts, one line per case. */
class FrontendErrorsTest {

  /** Dockerfile, line at fault (0 for none), sentence. */
  static Stream<Arguments> cases() {
    return Stream.of(
        arguments("FROM $X", 1, "base name ($X) should not be blank"),
        arguments(
            "FROM Upper:x", 1, "failed to parse stage name \"Upper:x\": invalid reference format"),
        arguments("FROM --platform=$P busybox", 1, "empty platform value from expression $P"),
        arguments("FROM --platform=a/b/c/d busybox", 1, "failed to parse platform a/b/c/d"),
        arguments("FROM absent", 1, "docker.io/library/absent:latest: not found"),
        arguments("FROM busybox\nCOPY --from=5 a b", 2, "invalid stage index 5"),
        arguments(
            "FROM busybox\nCOPY --from=0 a b", 2, "circular dependency detected on stage: stage-0"),
        arguments(
            "FROM busybox AS first\n"
                + "COPY --from=later a b\n"
                + "FROM busybox AS later\n"
                + "COPY --from=first a b",
            2,
            "cannot copy from stage \"later\", it needs to be defined before current stage"
                + " \"first\""),
        arguments(
            "FROM busybox\nCOPY --from=$X a b",
            2,
            "variable expansion is not supported for --from, define a new stage with FROM using"
                + " ARG from global scope as a workaround"),
        arguments("FROM busybox\nRUN []", 2, "arguments are required"),
        arguments("FROM busybox\nRUN --network=foo x", 2, "invalid network mode \"foo\""),
        arguments("FROM busybox\nRUN --network=host x", 2, "network.host is not allowed"),
        arguments("FROM busybox\nRUN --security=foo x", 2, "security \"foo\" is not valid"),
        arguments("FROM busybox\nRUN --security=insecure x", 2, "security.insecure is not allowed"),
        arguments(
            "FROM busybox\nRUN --mount=type=tmpfs,target=/ x", 2, "invalid mount target \"/\""),
        arguments(
            "FROM busybox\nRUN --mount=from=$X,target=/m x",
            2,
            "'from' doesn't support variable expansion, define alias stage instead"),
        arguments(
            "FROM busybox\n"
                + "RUN --mount=from=later,target=/m x\n"
                + "FROM busybox AS later\n"
                + "COPY --from=0 a b",
            2,
            "cannot mount from stage \"later\" to \"/m\", stage needs to be defined before current"
                + " command"),
        arguments(
            "FROM busybox\nFROM busybox\nRUN --mount=from=0,target=/m x",
            3,
            "docker.io/library/0:latest: not found"),
        arguments(
            "FROM busybox\nRUN --mount=type=secret x",
            2,
            "invalid secret mount. one of source, target required"),
        arguments("FROM busybox\nRUN --device=a.com/b=c x", 2, "RUN --device is not supported"),
        arguments("FROM busybox\nEXPOSE 70000", 2, "invalid containerPort: 70000"),
        arguments("FROM busybox\nEXPOSE 80/foo", 2, "invalid port: \"80/foo\": invalid proto: foo"),
        arguments(
            "FROM busybox\nEXPOSE 1-3:5-6",
            2,
            "invalid ranges specified for container and host Ports: 5-6 and 1-3"),
        arguments("FROM busybox\nSTOPSIGNAL NOPE", 2, "invalid signal: NOPE"),
        arguments("FROM busybox\nVOLUME $X", 2, "VOLUME specified can not be an empty string"),
        arguments(
            "FROM busybox\nCOPY --chmod=888 a b",
            2,
            "invalid chmod parameter: '888'. it should be octal string and between 0 and 07777"),
        arguments("FROM busybox\nCOPY http://x/y /z", 2, "source can't be a URL for COPY"),
        arguments("FROM busybox\nCOPY git@x:y.git /z", 2, "source can't be a git ref for COPY"),
        arguments(
            "FROM busybox\nADD --checksum=sha256:0 http://x/y /z",
            2,
            "invalid checksum digest format \"sha256:0\""),
        arguments(
            "FROM busybox\nADD --checksum=sha256:0 http://x/y http://x/z /z/",
            2,
            "checksum can't be specified for multiple sources"),
        arguments(
            "FROM busybox\nADD --checksum=sha256:0 a /z",
            2,
            "checksum requires HTTP(S) or Git sources"),
        arguments(
            "FROM busybox\nADD https://x/y.git?colour=1 /z", 2, "unexpected query \"colour\""),
        arguments("FROM busybox\nCOPY --link --chown=app a b", 2, "invalid user index: -1"),
        arguments("FROM busybox\nCOPY --chmod=u=rwz a b", 2, "invalid syntax"),
        arguments("FROM busybox\nENV A=${B:?must}", 2, "B: must"),
        arguments(
            "FROM busybox\nFOO bar", 2, "dockerfile parse error on line 2: unknown instruction"),
        arguments("# nothing\n", 0, "file with no instructions"),
        arguments("ARG A\n", 0, "dockerfile contains no stages to build"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void saysWhatIsWrongAndWhere(String dockerfile, int line, String sentence) {
    SlipwayException failure = failure(dockerfile, BuildOptions.DEFAULTS);
    assertThat(failure).hasMessageContaining(sentence);
    if (line > 0) {
      assertThat(failure).isInstanceOf(DockerfileException.class);
      var excerpt = ((DockerfileException) failure).excerpt().orElseThrow();
      assertThat(excerpt.faultStart()).isEqualTo(line);
    }
  }

  @Test
  void unknownTarget() {
    assertThat(failure("FROM busybox AS a", BuildOptions.DEFAULTS.withTarget("0")))
        .hasMessage("target stage \"0\" could not be found");
  }

  @Test
  void badEpoch() {
    var options = BuildOptions.DEFAULTS.withBuildArgs(Map.of("SOURCE_DATE_EPOCH", "x"));
    assertThat(failure("FROM busybox", options)).hasMessage("invalid SOURCE_DATE_EPOCH: x");
  }

  @Test
  void expansionsOfUnneededStagesAreNotLookedAt() {
    String dockerfile = "FROM absent AS a\nENV A=${B:?must}\nFROM busybox\n";
    assertThat(Frontend.plan(input(dockerfile, BuildOptions.DEFAULTS), TestBases.all()).steps())
        .hasSize(1);
  }

  private static SlipwayException failure(String dockerfile, BuildOptions options) {
    return catchThrowableOfType(
        SlipwayException.class,
        () -> {
          FrontendInput input = input(dockerfile, options);
          Frontend.check(input);
          Frontend.plan(input, TestBases.all());
        });
  }

  private static FrontendInput input(String dockerfile, BuildOptions options) {
    return new FrontendInput(
        DockerfileParser.parse(dockerfile),
        new SourceText("Dockerfile", dockerfile),
        options,
        TestBases.PLATFORM,
        "test");
  }
}
