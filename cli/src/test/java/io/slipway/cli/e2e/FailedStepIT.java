package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.e2e.Shell.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking around in steps that failed, through the program; needs root. */
class FailedStepIT {
  private static final Pattern HINT =
      Pattern.compile("To look around in it: slipway build debug ([0-9a-f]{12})\n");
  private static final String WITH_MOUNTS =
      """
      FROM busybox AS tools
      RUN echo tool > /tool
      FROM busybox
      ARG VERSION=7
      ENV MODE=fast
      WORKDIR /work
      USER 12:34
      RUN --mount=type=cache,target=/cache,mode=0777 --mount=from=tools,source=/tool,target=/t \\
          --mount=type=bind,target=/src --mount=type=secret,id=s,env=WORD,target=/run/word,uid=12 \\
          echo cached > /cache/c && echo half > /tmp/out && test -s /run/word && \\
          cat /missing
      """;

  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static Shell shell;

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(14));
    daemon.importBase("busybox");
    shell = daemon.shell(temp).with("SECRET_WORD", "confidential");
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    slipway("builder", "prune", "--all", "--force").text();
    assertThat(slipway("build", "debug", "--format", "json").text()).isEmpty();
    assertThat(Leftovers.of(daemon)).isEmpty();
  }

  private static Result slipway(String... words) {
    return typing("", words);
  }

  private static Result typing(String input, String... words) {
    String[] command = new String[words.length + 1];
    command[0] = SlipwayDaemon.LAUNCHER;
    System.arraycopy(words, 0, command, 1, words.length);
    return shell.run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), command);
  }

  private static String context(String dockerfile) throws IOException {
    Path directory = Files.createTempDirectory(temp, "context");
    Files.writeString(directory.resolve("Dockerfile"), dockerfile);
    Files.writeString(directory.resolve("file"), "of the context\n");
    return directory.toString();
  }

  /** The id that a failed build names. */
  private static String failed(String context, String... more) {
    String[] words = new String[more.length + 2];
    words[0] = "build";
    System.arraycopy(more, 0, words, 1, more.length);
    words[words.length - 1] = context;
    Result build = slipway(words);
    assertThat(build.exitCode()).as(build.toString()).isEqualTo(1);
    Matcher hint = HINT.matcher(build.err());
    assertThat(hint.find()).as(build.toString()).isTrue();
    return hint.group(1);
  }

  @Test
  void aShellSeesWhatTheCommandSaw() throws Exception {
    String context = context(WITH_MOUNTS);
    String id = failed(context, "--secret", "id=s,env=SECRET_WORD");
    Files.delete(Path.of(context, "file"));
    assertThat(
            typing(
                    "pwd; id -u; id -g; cat /tmp/out /cache/c /t /src/file; echo $VERSION $MODE"
                        + " [$WORD]; ls /run; touch /tmp/new; rm /tmp/out; exit 9\n",
                    "build",
                    "debug",
                    id)
                .toString())
        .contains("exit code 9", "/work\n12\n34\nhalf\ncached\ntool\nof the context\n7 fast []\n");
    Result again = slipway("build", "debug", id.substring(0, 5), "ls", "/tmp");
    assertThat(again.text()).contains("out").doesNotContain("new");
    assertThat(
            slipway("build", "debug", "--secret", "id=s,env=SECRET_WORD", id, "cat", "/run/word")
                .text())
        .isEqualTo("confidential");
    assertThat(slipway("build", "debug", id, "no-such-program").exitCode()).isEqualTo(127);
    assertThat(shell.run("grep", "-rlI", "confidential", daemon.dataRoot().toString()).out())
        .isEmpty();
    assertThat(slipway("build", "debug").text()).contains(id, "RUN --mount", "Dockerfile:8");
  }

  @Test
  void pruneCountsAndRemovesIt() throws Exception {
    String id = failed(context("FROM busybox\nRUN head -c 5000000 /dev/zero >/big && false\n"));
    assertThat(slipway("builder", "du").text()).containsPattern(id + " +true +5MB .*failed step");
    assertThat(slipway("builder", "prune", "--force", "--filter", "type=failed-step").text())
        .contains(id, "Total reclaimed space: 5MB");
    assertThat(slipway("build", "debug", id))
        .satisfies(gone -> assertThat(gone.exitCode()).isEqualTo(1))
        .satisfies(gone -> assertThat(gone.err()).contains("no failed step " + id));
  }

  @Test
  void aKilledDaemonKeepsTheStepAndNothingElse() throws Exception {
    String id = failed(context("FROM busybox\nRUN echo half >/out && false\n"));
    Process visit =
        shell.start(SlipwayDaemon.LAUNCHER, "build", "debug", id, "sh", "-c", "echo in; sleep 600");
    assertThat(visit.getInputStream().read()).isEqualTo('i');
    assertThat(slipway("builder", "prune", "--force").text()).doesNotContain(id);
    daemon.killHard();
    assertThat(visit.waitFor(20, TimeUnit.SECONDS)).isTrue();
    daemon.start();
    assertThat(Leftovers.of(daemon)).isEmpty();
    assertThat(slipway("build", "debug", id, "cat", "/out").text()).isEqualTo("half\n");
  }

  @Test
  void aShellEndsWithItsClient() throws Exception {
    String id = failed(context("FROM busybox\nRUN false\n"));
    Process visit =
        shell.start(SlipwayDaemon.LAUNCHER, "build", "debug", id, "sh", "-c", "echo in; sleep 600");
    assertThat(visit.getInputStream().read()).isEqualTo('i');
    visit.destroyForcibly();
    Wait.until(() -> Leftovers.of(daemon).isEmpty());
  }

  @Test
  void cancelledAndRefusedBuildsKeepNothing() throws Exception {
    String context = context("FROM busybox\nRUN echo begun; sleep 600\n");
    Path output = Files.createTempFile(temp, "build", ".log");
    Process build =
        shell.start(
            "sh",
            "-c",
            "exec " + SlipwayDaemon.LAUNCHER + " build " + context + " >" + output + " 2>&1");
    Wait.until(() -> Files.readString(output).contains("begun"));
    build.destroy();
    Wait.until(() -> Leftovers.of(daemon).isEmpty());
    assertThat(slipway("build", context("FROM busybox\nCOPY nothing /\n")).exitCode()).isEqualTo(1);
    assertThat(slipway("build", "debug", "--format", "json").text()).isEmpty();
  }

  @Test
  void onFailureShellOpensOneAtOnce() throws Exception {
    String context = context("FROM busybox\nRUN echo half >/out && exit 3\n");
    Result piped = slipway("build", "--on-failure", "shell", context);
    assertThat(piped.exitCode()).isEqualTo(1);
    assertThat(piped.err()).contains("--on-failure shell: the input or output device is not a TTY");
    assertThat(slipway("build", "--on-failure", "retry", context).err())
        .contains("invalid value for --on-failure: \"retry\": use shell");
    Path typed = Files.writeString(temp.resolve("typed"), "cat /out; tty\nexit 7\n");
    Result inside =
        shell.sh(
            "(sleep 3; cat "
                + typed
                + "; sleep 1) | script -qec '"
                + SlipwayDaemon.LAUNCHER
                + " build --on-failure shell "
                + context
                + "' /dev/null");
    assertThat(inside.out()).contains("slipway build debug ", "half", "/dev/pts/0");
    assertThat(inside.exitCode()).as(inside.toString()).isEqualTo(3);
  }
}
