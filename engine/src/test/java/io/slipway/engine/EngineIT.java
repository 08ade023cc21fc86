package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.engine.DockerCli.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real docker CLI against an engine of ours, with the bridge. */
@Timeout(120)
class EngineIT {
  private static final String NAME = "slwe" + ProcessHandle.current().pid() % 10000;
  private static final String BIP = "10.213.77.1/24";

  private static Path directory;
  private static TestDaemon daemon;
  private static DockerCli docker;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("engine");
    TestImages.busybox(directory.resolve("data"));
    daemon = TestDaemon.start(directory, NAME, BIP);
    docker = new DockerCli(directory.resolve("sock"), directory.resolve("config"));
  }

  @AfterAll
  static void stop() throws IOException {
    daemon.close();
    Leftovers.assertNone(NAME, directory);
    Leftovers.deleteTree(directory);
  }

  @AfterEach
  void removeAll() throws Exception {
    String ids = docker.ok("ps", "-aq");
    for (String id : ids.split("\n")) {
      if (!id.isBlank()) {
        docker.ok("rm", "-fv", id);
      }
    }
  }

  @Test
  void tellsVersionAndInfo() throws Exception {
    assertThat(docker.ok("version", "--format", "{{.Server.APIVersion}} {{.Server.MinAPIVersion}}"))
        .isEqualTo("1.51 1.24");
    assertThat(docker.ok("version")).contains("Slipway");
    assertThat(docker.ok("info")).contains("Images: 2").contains("Cgroup Version");
  }

  @Test
  void runsAndRemoves() throws Exception {
    Result result = docker.run("run", "--rm", "busybox", "echo", "hello");
    assertThat(result).isEqualTo(new Result(0, "hello\n", ""));
    assertThat(docker.ok("ps", "-aq")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|true",
        "1|false",
        "7|sh -c 'exit 7'",
        "143|sh -c 'kill -TERM $$; sleep 5'",
        "127|nosuch",
        "126|/etc"
      })
  void passesExitCodesOn(int code, String command) throws Exception {
    String[] parts = command.split(" ", 3);
    Result result;
    if (parts.length == 3) {
      result =
          docker.run(
              "run",
              "--rm",
              "--init=false",
              "busybox",
              parts[0],
              parts[1],
              parts[2].replace("'", ""));
    } else {
      result = docker.run("run", "--rm", "busybox", command);
    }
    // process 1 gets no TERM unless it handles it, so that case sleeps on and ends well
    assertThat(result.code()).as(result.all()).isEqualTo(code == 143 ? 0 : code);
    assertThat(docker.ok("ps", "-aq")).isEmpty();
  }

  @Test
  void endsWith125WhenTheEngineRefuses() throws Exception {
    Result result = docker.run("run", "--rm", "--cap-add", "FOO", "busybox", "true");
    assertThat(result.code()).isEqualTo(125);
    assertThat(result.err()).contains("invalid CapAdd: unknown capability: \"CAP_FOO\"");
  }

  @Test
  void separatesTheOutputs() throws Exception {
    Result result = docker.run("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2");
    assertThat(result).isEqualTo(new Result(0, "out\n", "err\n"));
  }

  @Test
  void pipesStdin() throws Exception {
    Result result =
        docker.run(
            new ByteArrayInputStream("piped\n".getBytes(StandardCharsets.UTF_8)),
            "run",
            "--rm",
            "-i",
            "busybox",
            "cat");
    assertThat(result).isEqualTo(new Result(0, "piped\n", ""));
  }

  @Test
  void pipes50Megabytes() throws Exception {
    byte[] bytes = new byte[50 << 20];
    new java.util.Random(7).nextBytes(bytes);
    Result result =
        docker.run(
            new ByteArrayInputStream(bytes), "run", "--rm", "-i", "busybox", "sh", "-c", "wc -c");
    assertThat(result.line()).isEqualTo(Integer.toString(bytes.length));
    Result out =
        docker.run("run", "--rm", "busybox", "sh", "-c", "yes 0123456789012345 | head -c 52428800");
    assertThat(out.out().length()).isEqualTo(50 << 20);
  }

  @Test
  void runsInTheBackgroundWithLogs() throws Exception {
    String id =
        docker.ok(
            "run",
            "-d",
            "--name",
            "web",
            "busybox",
            "sh",
            "-c",
            "for i in 1 2 3; do echo line $i; sleep 0.2; done; sleep 100");
    assertThat(id).hasSize(64);
    Process follow = docker.start("logs", "-f", "web");
    var followed = DockerCli.drain(follow.getInputStream());
    Thread.sleep(1500);
    assertThat(docker.ok("logs", "--tail", "1", "web")).isEqualTo("line 3");
    assertThat(docker.ok("ps", "--format", "{{.Names}} {{.Status}}")).startsWith("web Up ");
    assertThat(docker.ok("stop", "-t", "1", "web")).isEqualTo("web");
    follow.waitFor();
    assertThat(new String(followed.get(), StandardCharsets.UTF_8))
        .isEqualTo("line 1\nline 2\nline 3\n");
    assertThat(docker.ok("ps", "-a", "--format", "{{.Status}}")).startsWith("Exited (137)");
    assertThat(docker.ok("inspect", "-f", "{{.State.ExitCode}} {{.State.Running}}", "web"))
        .isEqualTo("137 false");
    assertThat(docker.ok("start", "web")).isEqualTo("web");
    assertThat(docker.ok("kill", "web")).isEqualTo("web");
    assertThat(docker.ok("wait", "web")).isEqualTo("137");
    assertThat(docker.ok("rm", "web")).isEqualTo("web");
    assertThat(docker.run("inspect", "web").err()).contains("No such object: web");
  }

  @Test
  void tellsWhatHappened() throws Exception {
    Process events = docker.start("events", "--format", "{{.Type}} {{.Action}}");
    var seen = DockerCli.drain(events.getInputStream());
    Thread.sleep(500);
    docker.ok("run", "--rm", "--label", "a=b", "busybox", "true");
    Thread.sleep(300);
    events.destroy();
    assertThat(new String(seen.get(), StandardCharsets.UTF_8).lines())
        .containsExactly(
            "container create",
            "container attach",
            "network connect",
            "container start",
            "network disconnect",
            "container die",
            "container destroy");
  }

  @Test
  void givesATerminal() throws Exception {
    Path typescript = directory.resolve("typescript");
    Process process =
        docker.start(
            java.util.List.of(
                "script",
                "-qec",
                "docker run --rm -it busybox sh -c 'tty; stty size; echo $TERM'",
                typescript.toString()));
    process.getOutputStream().close();
    assertThat(process.waitFor()).isZero();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(out).contains("/dev/pts/0\r\n").contains("xterm\r\n");
  }

  @Test
  void mergesTheImagesConfig() throws Exception {
    assertThat(docker.ok("run", "--rm", "withvolume")).isEqualTo("entry default");
    assertThat(docker.ok("run", "--rm", "withvolume", "x", "y")).isEqualTo("entry x y");
    String id = docker.ok("create", "withvolume");
    assertThat(docker.ok("inspect", "-f", "{{.Config.User}} {{.Config.Labels.from}}", id))
        .isEqualTo("nobody image");
    assertThat(docker.ok("run", "--rm", "--entrypoint", "sh", "withvolume", "-c", "id -u; pwd"))
        .isEqualTo("65534\n/work");
  }

  @Test
  void limitsAndOptionsReachTheContainer() throws Exception {
    assertThat(
            docker.ok(
                "run",
                "--rm",
                "-h",
                "box",
                "-e",
                "A=1",
                "-w",
                "/tmp",
                "-u",
                "1000:10",
                "busybox",
                "sh",
                "-c",
                "hostname; echo $A; pwd; id -u; id -g"))
        .isEqualTo("box\n1\n/tmp\n1000\n10");
    assertThat(
            docker.ok(
                "run", "--rm", "--ulimit", "nofile=99:100", "busybox", "sh", "-c", "ulimit -n"))
        .isEqualTo("99");
    assertThat(docker.run("run", "--rm", "--read-only", "busybox", "touch", "/x").err())
        .contains("Read-only file system");
    assertThat(
            docker.ok(
                "run",
                "--rm",
                "--tmpfs",
                "/mem:size=1m",
                "busybox",
                "sh",
                "-c",
                "mount | grep /mem"))
        .contains("size=1024k");
    assertThat(docker.ok("run", "--rm", "busybox", "grep", "CapEff", "/proc/self/status"))
        .contains("00000000a80425fb");
    assertThat(
            docker.ok(
                "run",
                "--rm",
                "--cap-drop",
                "ALL",
                "busybox",
                "grep",
                "CapEff",
                "/proc/self/status"))
        .contains("0000000000000000");
    assertThat(
            docker.ok("run", "--rm", "--add-host", "db:10.1.2.3", "busybox", "cat", "/etc/hosts"))
        .contains("10.1.2.3\tdb");
    assertThat(docker.ok("run", "--rm", "--dns", "9.9.9.9", "busybox", "cat", "/etc/resolv.conf"))
        .contains("nameserver 9.9.9.9");
    assertThat(docker.ok("run", "--rm", "--network", "none", "busybox", "ip", "-o", "link"))
        .doesNotContain("eth0");
    assertThat(docker.ok("run", "--rm", "busybox", "ip", "-o", "addr")).contains("10.213.77.");
    assertThat(
            docker.ok(
                "run",
                "--rm",
                "--privileged",
                "busybox",
                "sh",
                "-c",
                "ls /dev/loop-control /dev/null"))
        .contains("/dev/null");
  }

  @Test
  void mountsHostPathsAndVolumes() throws Exception {
    Path host = Files.createDirectory(directory.resolve("host"));
    Files.writeString(host.resolve("file"), "from the host\n");
    assertThat(docker.ok("run", "--rm", "-v", host + ":/mnt:ro", "busybox", "cat", "/mnt/file"))
        .isEqualTo("from the host");
    assertThat(
            docker.run("run", "--rm", "-v", host + ":/mnt:ro", "busybox", "touch", "/mnt/x").code())
        .isEqualTo(1);
    docker.ok("run", "--rm", "-v", "vol:/v", "busybox", "sh", "-c", "echo kept >/v/file");
    assertThat(docker.ok("run", "--rm", "-v", "vol:/v", "busybox", "cat", "/v/file"))
        .isEqualTo("kept");
    assertThat(docker.ok("volume", "ls", "-q")).isEqualTo("vol");
    String id = docker.ok("create", "-v", "vol:/v", "busybox");
    assertThat(docker.run("volume", "rm", "vol").err())
        .contains("remove vol: volume is in use - [" + id + "]");
    docker.ok("rm", id);
    assertThat(docker.ok("volume", "rm", "vol")).isEqualTo("vol");
    assertThat(
            docker.run("run", "--rm", "--mount", "type=bind,src=/nosuch,dst=/x", "busybox").err())
        .contains("bind source path does not exist: /nosuch");
  }

  @Test
  void removesAnonymousVolumesWithTheContainer() throws Exception {
    docker.ok("run", "--rm", "withvolume");
    assertThat(docker.ok("volume", "ls", "-q")).isEmpty();
    String id = docker.ok("create", "withvolume");
    assertThat(docker.ok("volume", "ls", "-q")).hasSize(64);
    docker.ok("rm", "-v", id);
    assertThat(docker.ok("volume", "ls", "-q")).isEmpty();
  }

  @Test
  void executesFurtherProcesses() throws Exception {
    docker.ok("run", "-d", "--name", "box", "-e", "A=1", "busybox", "sleep", "100");
    assertThat(docker.ok("exec", "-e", "B=2", "-w", "/tmp", "box", "sh", "-c", "echo $A$B; pwd"))
        .isEqualTo("12\n/tmp");
    assertThat(docker.run("exec", "box", "sh", "-c", "exit 5").code()).isEqualTo(5);
    assertThat(docker.run("exec", "box", "nosuch").code()).isEqualTo(127);
    Result piped =
        docker.run(
            new ByteArrayInputStream("in".getBytes(StandardCharsets.UTF_8)),
            "exec",
            "-i",
            "box",
            "cat");
    assertThat(piped.out()).isEqualTo("in");
    assertThat(docker.ok("top", "box")).contains("sleep 100");
    docker.ok("pause", "box");
    assertThat(docker.ok("ps", "--format", "{{.Status}}")).endsWith("(Paused)");
    assertThat(docker.run("exec", "box", "true").err()).contains("is paused");
    docker.ok("unpause", "box");
    assertThat(docker.run("rm", "box").err())
        .contains("container is running: stop the container before removing or force remove");
    docker.ok("rename", "box", "renamed");
    assertThat(docker.ok("rm", "-f", "renamed")).isEqualTo("renamed");
  }

  @Test
  void saysWhyItCannotRun() throws Exception {
    docker.ok("create", "--name", "dup", "busybox");
    assertThat(docker.run("create", "--name", "dup", "busybox").err())
        .contains("Conflict. The container name \"/dup\" is already in use by container");
    assertThat(docker.run("run", "--rm", "--restart", "always", "busybox").code()).isEqualTo(125);
    assertThat(docker.run("run", "--storage-opt", "size=1G", "busybox").err())
        .contains("--storage-opt is not supported yet by this engine");
    assertThat(docker.run("run", "--rm", "--network", "nonet", "busybox", "true").err())
        .contains("network nonet not found");
    assertThat(docker.run("run", "--rm", "-u", "nouser", "busybox", "true").err())
        .contains("unable to find user nouser: no matching entries in passwd file");
    assertThat(docker.run("network", "create", "-d", "nodriver", "mine").err())
        .contains("plugin \"nodriver\" not found");
    assertThat(docker.run("network", "rm", "bridge").err())
        .contains("bridge is a pre-defined network and cannot be removed");
    assertThat(docker.ok("network", "ls", "--format", "{{.Name}}")).isEqualTo("bridge\nhost\nnone");
    assertThat(docker.run("run", "--rm", "-m", "4m", "busybox").err())
        .contains("Minimum memory limit allowed is 6MB");
  }

  @Test
  void tellsOutOfMemory() throws Exception {
    Result result =
        docker.run(
            "run",
            "--name",
            "oom",
            "-m",
            "16m",
            "--memory-swap",
            "16m",
            "busybox",
            "sh",
            "-c",
            "dd if=/dev/zero of=/dev/null bs=200M count=1");
    assertThat(result.code()).isEqualTo(137);
    assertThat(docker.ok("inspect", "-f", "{{.State.OOMKilled}}", "oom")).isEqualTo("true");
  }

  @Test
  void publishesPorts() throws Exception {
    docker.ok(
        "run",
        "-d",
        "--name",
        "srv",
        "-p",
        "127.0.0.1::7000",
        "busybox",
        "sh",
        "-c",
        "while true; do echo answer | nc -l -p 7000; done");
    String port = docker.ok("port", "srv", "7000");
    assertThat(port).startsWith("127.0.0.1:");
    String[] parts = port.split(":");
    String answer = "";
    for (int i = 0; i < 20 && answer.isEmpty(); i++) {
      Thread.sleep(100);
      try (var socket = new java.net.Socket(parts[0], Integer.parseInt(parts[1]))) {
        answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        continue;
      }
    }
    assertThat(answer).isEqualTo("answer\n");
    assertThat(docker.ok("ps", "--format", "{{.Ports}}")).contains("->7000/tcp");
  }

  @Test
  void fillsEmptyVolumesFromTheImage() throws Exception {
    assertThat(
            docker.ok(
                "run", "--rm", "-u", "root", "--entrypoint", "cat", "withvolume", "/data/seed"))
        .isEqualTo("from the image");
    docker.ok("run", "--rm", "-v", "filled:/data", "busybox", "rm", "/data/seed");
    assertThat(docker.ok("run", "--rm", "-v", "filled:/data", "busybox", "ls", "-A", "/data"))
        .as("an empty volume is filled again, as Docker does")
        .isEqualTo("seed");
    assertThat(docker.ok("run", "--rm", "-v", "bare:/data:nocopy", "busybox", "ls", "-A", "/data"))
        .isEmpty();
    docker.ok("volume", "rm", "filled", "bare");
  }

  @Test
  void showsAndExportsChanges() throws Exception {
    docker.ok(
        "run",
        "--name",
        "changed",
        "busybox",
        "sh",
        "-c",
        "mkdir /new; echo x >/new/file; rm /data/seed; touch /etc/passwd");
    assertThat(docker.ok("diff", "changed").split("\n"))
        .containsExactlyInAnyOrder(
            "C /data", "D /data/seed", "C /etc", "C /etc/passwd", "A /new", "A /new/file");
    Path tar = directory.resolve("export.tar");
    docker.ok("export", "-o", tar.toString(), "changed");
    Process list = docker.start(java.util.List.of("tar", "tf", tar.toString()));
    assertThat(new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("new/file\n", "bin/busybox\n")
        .doesNotContain("data/seed");
    Files.delete(tar);
  }

  @Test
  void exportsARunningContainerWithoutItsMounts() throws Exception {
    docker.ok(
        "run",
        "-d",
        "--name",
        "exported",
        "-v",
        "kept:/kept",
        "--tmpfs",
        "/t",
        "busybox",
        "sh",
        "-c",
        "touch /own /kept/file /t/file; sleep 100");
    docker.ok("exec", "exported", "sh", "-c", "while [ ! -e /t/file ]; do sleep 0.1; done");
    Path tar = directory.resolve("running.tar");
    docker.ok("export", "-o", tar.toString(), "exported");
    Process list = docker.start(java.util.List.of("tar", "tf", tar.toString()));
    assertThat(new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n"))
        .contains("own", "proc/", "sys/", "dev/", "kept/", "t/", "bin/busybox")
        .doesNotContain("kept/file", "t/file", "proc/1/", "dev/null");
    assertThat(list.waitFor()).isZero();
    Files.delete(tar);
    docker.ok("rm", "-fv", "exported");
    docker.ok("volume", "rm", "-f", "kept");
  }
}
