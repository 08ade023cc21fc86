package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.e2e.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What goes wrong for people: one line that names the thing, the right exit code, and nothing left
 * on the machine. Needs root.
 */
class BadInputIT {
  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static Shell shell;

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(3));
    daemon.importBase("busybox");
    shell = daemon.shell(temp);
  }

  @AfterAll
  static void stop() {
    daemon.close();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(Leftovers.of(daemon)).isEmpty();
  }

  private static Result slipway(String... words) {
    return slipway(shell, words);
  }

  private static Result slipway(Shell where, String... words) {
    String[] command = new String[words.length + 1];
    command[0] = SlipwayDaemon.LAUNCHER;
    System.arraycopy(words, 0, command, 1, words.length);
    return where.run(command);
  }

  private static String context(String dockerfile) throws IOException {
    Path directory = Files.createTempDirectory(temp, "context");
    Files.writeString(directory.resolve("Dockerfile"), dockerfile);
    return directory.toString();
  }

  private static void fails(Result result, int exitCode, String reason) {
    assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
    List<String> lines = result.err().lines().filter(line -> line.contains(reason)).toList();
    assertThat(lines).as(result.toString()).isNotEmpty();
    assertThat(result.err()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUM true | 1 | dockerfile parse error on line 2: unknown instruction: RUM",
        "RUN exit 7 | 7 | process \"/bin/sh -c exit 7\" did not complete successfully: exit code:"
            + " 7",
        "COPY nothing /x | 1 | \"/nothing\": not found",
        "FROM localhost:1/gone:2 | 1 | cannot get image localhost:1/gone:2",
        "USER ghost\\nRUN true | 1 | unable to find user ghost: no matching entries in passwd file",
        "COPY --from=nobody /a /b | 1 | nobody",
        "RUN --security=insecure true | 1 | security",
      })
  void quotesTheLinesOfAFailedBuild(String line, int exitCode, String reason) throws IOException {
    String text = line.replace("\\n", "\n");
    Result result = slipway("build", "-t", "bad", context("FROM busybox\n" + text + "\n"));
    fails(result, exitCode, "ERROR: failed to build: ");
    fails(result, exitCode, reason);
    String lastLine = text.lines().reduce((first, second) -> second).orElseThrow();
    assertThat(result.err()).contains(" >>> " + lastLine + "\n").contains("Dockerfile:");
    assertThat(slipway("images", "-q", "bad").text()).isEmpty();
  }

  @Test
  void namesWhatABuildLacks() throws IOException {
    fails(slipway("build", temp + "/none"), 1, temp + "/none");
    fails(slipway("build", "-f", "Other", context("FROM busybox\n")), 1, "Other");
    fails(slipway("build", "-t", "Wrong:Tag:x", context("FROM busybox\n")), 1, "Wrong:Tag");
    fails(slipway("build", "--target", "up", context("FROM busybox\n")), 1, "\"up\"");
    fails(slipway("build", context("")), 1, "cannot be empty");
    fails(slipway("build", "--bogus", "."), 125, "unknown flag: --bogus");
  }

  @Test
  void namesWhatARunLacks() {
    fails(slipway("run", "--rm", "-u", "ghost", "busybox", "id"), 125, "user ghost");
    fails(slipway("run", "--rm", "localhost:1/none", "id"), 125, "localhost:1");
    fails(slipway("run", "--rm", "busybox", "no-such-program"), 127, "no-such-program");
    fails(slipway("run", "--rm", "busybox", "/etc"), 126, "/etc");
    assertThat(slipway("ps", "-aq").text()).isEmpty();
  }

  @Test
  void namesWrongNamesAndRegistriesThatAreDown() throws IOException {
    String down = "localhost:" + RegistryProcess.freePort();
    fails(slipway("tag", "busybox", "UPPER:x"), 1, "UPPER");
    fails(slipway("tag", "nothing", "x"), 1, "nothing");
    fails(slipway("rmi", "nothing"), 1, "nothing");
    fails(slipway("push", "nothing"), 1, "nothing");
    slipway("tag", "busybox", down + "/x:1").text();
    fails(slipway("push", down + "/x:1"), 1, down);
    fails(slipway("pull", down + "/y:1"), 1, down);
    slipway("rmi", down + "/x:1").text();
  }

  @Test
  void namesAPortThatIsTaken() throws IOException {
    try (RegistryProcess registry = RegistryProcess.ours(temp.resolve("registry"))) {
      String port = Integer.toString(registry.port());
      fails(slipway("run", "--rm", "-p", port + ":80", "busybox", "true"), 125, port);
      String listen = "127.0.0.1:" + port;
      fails(
          slipway("registry", "serve", "--listen", listen, "--data-root", temp + "/other"),
          1,
          "cannot listen on " + listen);
      String free = "127.0.0.1:" + RegistryProcess.freePort();
      String data = temp + "/registry/data";
      fails(slipway("registry", "serve", "--listen", free, "--data-root", data), 1, data);
      fails(
          slipway("registry", "serve", "--listen", free, "--data-root", "/dev/null"),
          1,
          "/dev/null");
    }
    assertThat(slipway("ps", "-aq").text()).isEmpty();
  }

  @Test
  void aSecondDaemonLeavesTheFirstAlone() {
    String socket = "unix://" + temp + "/second.sock";
    String data = daemon.dataRoot().toString();
    fails(second(socket, data, "none"), 1, "already running with data root " + data);
    String other = temp + "/second";
    String bridge = daemon.network().bridge();
    fails(second(socket, other, bridge), 1, "bridge " + bridge + " belongs to another");
    String taken = "unix://" + daemon.socket();
    fails(second(taken, other, "none"), 1, "another daemon is already listening");
    fails(second("unix:///dev/null/x/s", other, "none"), 1, "/dev/null");
    fails(second("unix:///proc/s", other, "none"), 1, "/proc");
    fails(second(socket, "/dev/null/data", "none"), 1, "/dev/null/data");
    assertThat(slipway("run", "--rm", "busybox", "echo", "still here").text())
        .isEqualTo("still here\n");
  }

  private static Result second(String socket, String dataRoot, String bridge) {
    return slipway(
        "daemon",
        "-H",
        socket,
        "--data-root",
        dataRoot,
        "--exec-root",
        temp + "/second-exec",
        "--bridge",
        bridge,
        "--bip",
        daemon.network().bip());
  }

  @Test
  void namesADaemonThatIsNotThere() {
    Shell nowhere = shell.with("DOCKER_HOST", "unix://" + temp + "/none.sock");
    fails(slipway(nowhere, "ps"), 1, temp + "/none.sock");
    fails(slipway(shell.with("DOCKER_HOST", "bogus"), "ps"), 1, "\"bogus\"");
  }

  @ParameterizedTest
  @CsvSource({"slipway", "docker"})
  void anInterruptedBuildEndsAtOnce(String program) throws Exception {
    String context = context("FROM busybox\nRUN echo begun; sleep 1000\n");
    String command = program.equals("docker") ? "docker" : SlipwayDaemon.LAUNCHER;
    // Its own output file: nobody has to read a pipe while it runs.
    Path output = Files.createTempFile(temp, "build", ".log");
    Process build =
        shell.start(
            "sh",
            "-c",
            // Whoever runs the tests in the background has SIGINT ignored, and its children too.
            "exec env --default-signal=INT "
                + command
                + " build "
                + context
                + " >"
                + output
                + " 2>&1");
    // said by the container, not in the line of the step
    Wait.until(() -> Files.readString(output).lines().anyMatch(line -> line.endsWith("begun")));
    assertThat(Leftovers.of(daemon)).as("while it runs").isNotEmpty();
    shell.run("kill", "-INT", Long.toString(build.pid())).text();
    assertThat(build.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(build.exitValue()).isEqualTo(130);
    if (program.equals("slipway")) {
      assertThat(Files.readString(output)).endsWith("ERROR: build cancelled\n");
    }
    Wait.until(() -> Leftovers.of(daemon).isEmpty());
  }

  @Test
  void aFullDataRootIsToldAndGotOver() throws IOException {
    Path mount = Files.createDirectories(temp.resolve("small"));
    shell.run("mount", "-t", "tmpfs", "-o", "size=24m", "none", mount.toString()).text();
    try (SlipwayDaemon small =
        new SlipwayDaemon(mount.resolve("d"), SlipwayDaemon.Network.numbered(4))) {
      small.importBase("busybox");
      fillAndFree(small, mount);
    } finally {
      shell.run("umount", mount.toString()).text();
    }
  }

  private static void fillAndFree(SlipwayDaemon small, Path mount) throws IOException {
    Shell there = small.shell(temp);
    String full = "no space left on device";
    String large = context("FROM busybox\nCOPY large /\n");
    shell.sh("head -c 30000000 /dev/urandom >" + large + "/large").text();
    fails(slipway(there, "build", large), 1, full);
    shell.sh("tar -C " + large + " -cf " + temp + "/large.tar large").text();
    fails(slipway(there, "import", temp + "/large.tar", "large"), 1, full);
    assertThat(Leftovers.of(small)).isEmpty();

    assertThat(shell.sh("cat /dev/zero >" + mount + "/filler").exitCode()).isNotZero();
    fails(slipway(there, "run", "--rm", "busybox", "true"), 125, full);
    fails(slipway(there, "tag", "busybox", "more"), 1, full);
    assertThat(Leftovers.of(small)).isEmpty();
    Files.delete(mount.resolve("filler"));

    slipway(there, "build", "-t", "after", context("FROM busybox\nRUN echo ok >/ok\n")).text();
    assertThat(slipway(there, "run", "--rm", "after", "cat", "/ok").text()).isEqualTo("ok\n");
    slipway(there, "tag", "busybox", "more").text();
    assertThat(small.process().log()).doesNotContain("\tat ");
  }
}
