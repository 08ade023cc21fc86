package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.client.CannedDaemon;
import io.slipway.cli.client.EngineAddress;
import io.slipway.cli.client.EngineClient;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole command lines against a daemon that gives prepared answers. */
class CommandLineRunnerTest {
  @TempDir Path temp;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(CannedDaemon daemon, String... words) throws InterruptedException {
    PrintStream outStream = new PrintStream(out);
    PrintStream errStream = new PrintStream(err);
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]), outStream, errStream, false, false, false);
    EngineClient client = new EngineClient(new EngineAddress.Unix(daemon.socket()));
    int exitCode =
        new CommandLineRunner(SlipwayCommands.table(), console, options -> client)
            .run(List.of(words));
    console.flush();
    return exitCode;
  }

  @Test
  void helpGroupsTheCommandsAsDockerDoes() throws Exception {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      assertThat(run(daemon, "--help")).isZero();
      assertThat(out.toString())
          .startsWith("Usage:  slipway [OPTIONS] COMMAND\n")
          .contains(
              "Common Commands:\n  run ",
              "Management Commands:\n"
                  + "  builder     Manage builds\n"
                  + "  container   Manage containers\n")
          .doesNotContain("train");
    }
  }

  @Test
  void aMistypedCommandNamesTheNearest() throws Exception {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      assertThat(run(daemon, "imagse")).isEqualTo(1);
      assertThat(err.toString())
          .startsWith("unknown command: slipway imagse (did you mean images?)\n");
    }
  }

  @Test
  void anUnknownFlagEndsWith125() throws Exception {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      assertThat(run(daemon, "run", "--rmm", "busybox")).isEqualTo(125);
      assertThat(err.toString()).startsWith("unknown flag: --rmm (did you mean --rm?)");
    }
  }

  @Test
  void flagsAfterTheImageBelongToTheContainer() throws Exception {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      daemon.answer("POST", 201, "{\"Id\":\"abc\"}");
      assertThat(run(daemon, "create", "-e", "A=1", "busybox", "ls", "--rmm")).isZero();
      assertThat(out.toString()).isEqualTo("abc\n");
      assertThat(daemon.lastBody())
          .contains("\"Cmd\":[\"ls\",\"--rmm\"]", "\"Env\":[\"A=1\"]", "\"Image\":\"busybox\"");
    }
  }

  @Test
  void theDaemonsRefusalIsPrintedAsDockerPrintsIt() throws Exception {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      daemon.answer("DELETE", 404, "{\"message\":\"No such container: web\"}");
      assertThat(run(daemon, "rm", "web")).isEqualTo(1);
      assertThat(err.toString()).isEqualTo("Error response from daemon: No such container: web\n");
    }
  }

  @Test
  void imagesAreListedInDockersColumns() throws Exception {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      daemon.answer(
          "GET",
          200,
          "[{\"Id\":\"sha256:0123456789abcdef\",\"RepoTags\":[\"localhost:5000/a:1\"],\"Created\":0,\"Size\":2426880}]");
      assertThat(run(daemon, "images")).isZero();
      assertThat(out.toString().lines())
          .containsExactly(
              "REPOSITORY         TAG       IMAGE ID       CREATED   SIZE",
              "localhost:5000/a   1         0123456789ab   N/A       2.43MB");
    }
  }

  @Test
  void inspectFormatsOneMember() throws Exception {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      daemon.answer("GET", 200, "{\"State\":{\"ExitCode\":3},\"Args\":[\"a\",\"b\"]}");
      assertThat(run(daemon, "inspect", "-f", "{{.State.ExitCode}} {{json .Args}} {{.Args}}", "x"))
          .isZero();
      assertThat(out.toString()).isEqualTo("3 [\"a\",\"b\"] [a b]\n");
    }
  }

  @Test
  void aPushThatFailsHalfWayEndsWith1() throws Exception {
    try (CannedDaemon daemon = new CannedDaemon(temp)) {
      daemon.answer(
          "POST",
          200,
          "{\"status\":\"The push refers to repository [h/x]\"}\n"
              + "{\"error\":\"no basic auth credentials\",\"errorDetail\":{\"message\":\"no basic"
              + " auth credentials\"}}");
      assertThat(run(daemon, "push", "h/x")).isEqualTo(1);
      assertThat(out.toString()).isEqualTo("The push refers to repository [h/x]\n");
      assertThat(err.toString()).isEqualTo("no basic auth credentials\n");
    }
  }
}
