package io.slipway.builder.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.graph.Exec;
import io.slipway.builder.graph.ExecMount;
import io.slipway.builder.graph.HostEntry;
import io.slipway.builder.graph.NetworkMode;
import io.slipway.builder.graph.StepLimits;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Platform;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FailedStepTextTest {
  private static final FailedStep PLAIN =
      step(List.of("/bin/bash", "-ec", "make"), List.of(), Exec.Hints.NONE);

  private static FailedStep step(List<String> arguments, List<ExecMount> mounts, Exec.Hints hints) {
    return new FailedStep(
        "0123456789ab",
        "[2/3] RUN make",
        7,
        "Dockerfile:3",
        Instant.ofEpochMilli(1_700_000_000_123L),
        new Exec(
            arguments,
            List.of("PATH=/bin", "A=b=c"),
            "/work",
            "me",
            NetworkMode.NONE,
            true,
            "host",
            mounts,
            hints),
        Map.of(1, new SnapshotKey("step/sha256:1"), 3, new SnapshotKey("failed/0123456789ab.3")));
  }

  @Test
  void everythingComesBack() throws Exception {
    FailedStep step =
        step(
            List.of("a", "b"),
            List.of(
                new ExecMount.Bind(1, "/s", "/t", true),
                cache(OptionalInt.of(0700), OptionalLong.of(5), Optional.of(initial())),
                cache(OptionalInt.empty(), OptionalLong.empty(), Optional.empty()),
                new ExecMount.Tmpfs("/tmp", OptionalLong.of(4096)),
                new ExecMount.Tmpfs("/tmp2", OptionalLong.empty()),
                new ExecMount.Script(
                    "/dev/pipes/EOF", Bytes.copyOf("#!x\n".getBytes(StandardCharsets.UTF_8))),
                new ExecMount.Secret("s", "/run/s", Optional.of("S"), false, 0400, 1, 2),
                new ExecMount.Ssh("default", "/sock", false, 0600, 0, 0)),
            new Exec.Hints(
                List.of("http_proxy=x"),
                List.of(new HostEntry("db", "10.0.0.1")),
                OptionalLong.of(1 << 20),
                Optional.of(Platform.parse("linux/arm64")),
                StepLimits.NONE));
    assertThat(FailedStepText.read(FailedStepText.write(step))).isEqualTo(step);
    assertThat(FailedStepText.read(FailedStepText.write(PLAIN))).isEqualTo(PLAIN);
  }

  private static ExecMount.Cache.Initial initial() {
    return new ExecMount.Cache.Initial(3, "/from");
  }

  private static ExecMount cache(
      OptionalInt mode, OptionalLong owner, Optional<ExecMount.Cache.Initial> initial) {
    return new ExecMount.Cache(
        "id", true, "/c", ExecMount.Sharing.LOCKED, false, mode, owner, owner, initial);
  }

  @Test
  void whatNobodyLendsAnyMoreNeedNotBeThere() {
    FailedStep step =
        step(
            List.of("x"),
            List.of(
                new ExecMount.Secret("s", "/run/s", Optional.empty(), true, 0400, 0, 0),
                new ExecMount.Ssh("default", "/sock", true, 0600, 0, 0)),
            Exec.Hints.NONE);
    Exec entered = step.entered(List.of("env"), List.of("TERM=xterm"));
    assertThat(entered.arguments()).containsExactly("env");
    assertThat(entered.environment()).containsExactly("PATH=/bin", "A=b=c", "TERM=xterm");
    assertThat(entered.mounts())
        .containsExactly(
            new ExecMount.Secret("s", "/run/s", Optional.empty(), false, 0400, 0, 0),
            new ExecMount.Ssh("default", "/sock", false, 0600, 0, 0));
  }

  @Test
  void theShellIsTheInstructionsOwn() {
    assertThat(PLAIN.shell()).containsExactly("/bin/bash");
    assertThat(step(List.of("/app", "--now"), List.of(), Exec.Hints.NONE).shell())
        .containsExactly("/bin/sh");
    assertThat(step(List.of("/app", "-x", "y"), List.of(), Exec.Hints.NONE).shell())
        .containsExactly("/bin/sh");
  }
}
