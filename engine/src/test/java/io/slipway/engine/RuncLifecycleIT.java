package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.engine.DockerCli.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our engine keeps the contract also when runc makes the containers. */
class RuncLifecycleIT extends LifecycleContract {
  private static final String NAME = "slwr" + ProcessHandle.current().pid() % 10000;

  private Path directory;
  private TestDaemon daemon;
  private DockerCli docker;

  @BeforeAll
  void start() throws IOException {
    directory = Files.createTempDirectory("runc");
    TestImages.busybox(directory.resolve("data"));
    daemon = TestDaemon.start(directory, NAME, "10.231.7.1/24", "runc");
    docker = new DockerCli(directory.resolve("sock"), directory.resolve("config"));
  }

  @AfterAll
  void stop() throws IOException {
    daemon.close();
    Leftovers.assertNone(NAME, directory);
    Leftovers.deleteTree(directory);
  }

  @Override
  DockerCli docker() {
    return docker;
  }

  @Test
  void tellsWhichRuntimesThereAre() throws Exception {
    assertThat(
            docker.ok("info", "-f", "{{.DefaultRuntime}} {{(index .Runtimes \"slipway\").Path}}"))
        .isEqualTo("runc slipway");
    assertThat(docker.ok("info", "-f", "{{(index .Runtimes \"runc\").Path}}")).endsWith("/runc");
    docker.ok("create", "--name", "made", "busybox", "true");
    assertThat(inspect("made", "{{.HostConfig.Runtime}}")).isEqualTo("runc");
    assertThat(docker.run("create", "--runtime", "bogus", "busybox", "true").err())
        .contains("unknown or invalid runtime name: bogus");
    assertThat(docker.ok("run", "--rm", "--runtime", "slipway", "busybox", "echo", "ours"))
        .isEqualTo("ours");
  }

  /** It knows no mixed cgroups; what it says must be seen. */
  @Test
  void whatAnotherRuntimeRefusesIsTold() throws Exception {
    Result result =
        docker.run("run", "--rm", "--network", "none", "--runtime", "crun", "busybox", "echo", "x");
    if (Files.isDirectory(Path.of("/sys/fs/cgroup/unified"))) {
      assertThat(result.code()).isEqualTo(125);
      assertThat(result.err())
          .contains("OCI runtime create failed: cgroups in hybrid mode not supported");
    } else {
      assertThat(result.all()).isEqualTo("x");
    }
  }

  @Test
  void whatAContainerGets(@TempDir Path host) throws Exception {
    Files.writeString(host.resolve("file"), "given\n");
    Files.setPosixFilePermissions(host, PosixFilePermissions.fromString("rwxr-xr-x"));
    String look =
        "id -u; id -g; pwd; hostname; echo $A; cat file; touch no 2>&1; ip -4 addr show eth0 | grep"
            + " -o 'inet 10.231.7.'; ulimit -n; exit 7";
    Result result =
        docker.run(
            "run",
            "-u",
            "7:5",
            "-w",
            "/w",
            "-v",
            host + ":/w:ro",
            "-e",
            "A=1",
            "-h",
            "named",
            "--ulimit",
            "nofile=77",
            "busybox",
            "sh",
            "-c",
            look);
    assertThat(result.code()).isEqualTo(7);
    assertThat(result.out())
        .isEqualTo(
            "7\n5\n/w\nnamed\n1\ngiven\ntouch: no: Read-only file system\ninet 10.231.7.\n77\n");
    assertThat(docker.run("run", "--rm", "busybox", "nosuch"))
        .matches(r -> r.code() == 127)
        .matches(r -> r.err().contains("exec: \"nosuch\": executable file not found in $PATH"));
    assertThat(docker.run("run", "--rm", "busybox", "/etc").code()).isEqualTo(126);
  }

  @Test
  void streamsTerminalsAndExecs() throws Exception {
    byte[] typed = "typed\n".getBytes(StandardCharsets.UTF_8);
    assertThat(
            docker
                .run(new ByteArrayInputStream(typed), "run", "-i", "--rm", "busybox", "cat")
                .out())
        .isEqualTo("typed\n");
    assertThat(docker.ok("run", "-t", "--rm", "busybox", "tty")).isEqualTo("/dev/pts/0");
    run("running", "busybox", "sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.1; done");
    assertThat(docker.ok("exec", "-t", "running", "tty")).startsWith("/dev/pts/");
    Result exec = docker.run("exec", "-u", "1", "running", "sh", "-c", "id -u; echo e >&2; exit 9");
    assertThat(exec).isEqualTo(new Result(9, "1\n", "e\n"));
    assertThat(docker.run("exec", "running", "nosuch").code()).isEqualTo(127);
    docker.ok("pause", "running");
    assertThat(docker.run("exec", "running", "true").code()).isEqualTo(1);
    docker.ok("unpause", "running");
    docker.ok("stop", "running");
    assertThat(inspect("running", "{{.State.ExitCode}}")).isEqualTo("3");
    docker.ok("start", "running");
    docker.ok("kill", "running");
    assertThat(inspect("running", "{{.State.ExitCode}}")).isEqualTo("137");
  }
}
