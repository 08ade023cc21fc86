package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.engine.DockerCli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes and mounts with the real docker CLI; containers have no network. Needs root. */
@Timeout(120)
class VolumesIT {
  private static final String NAME = "slwv" + ProcessHandle.current().pid() % 10000;

  private static Path directory;
  private static TestDaemon daemon;
  private static DockerCli docker;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("volumes");
    TestImages.busybox(directory.resolve("data"));
    daemon = TestDaemon.start(directory, NAME, "");
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
    for (String id : docker.ok("ps", "-aq").split("\n")) {
      if (!id.isBlank()) {
        docker.ok("rm", "-fv", id);
      }
    }
    docker.ok("volume", "prune", "-af");
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory + "/");
  }

  /** Standard output of a shell line in a new container with these options. */
  private static String run(String options, String script) throws Exception {
    String[] words = ("run --rm --network none " + options).split(" ");
    String[] all = java.util.Arrays.copyOf(words, words.length + 4);
    System.arraycopy(new String[] {"busybox", "sh", "-c", script}, 0, all, words.length, 4);
    return docker.ok(all);
  }

  @Test
  void optionsMountAFileSystemWhileItIsUsed() throws Exception {
    docker.ok(
        "volume",
        "create",
        "-o",
        "type=tmpfs",
        "-o",
        "device=tmpfs",
        "-o",
        "o=size=1m,mode=1750",
        "mem");
    String mounts = run("-v mem:/m", "grep ' /m ' /proc/mounts; stat -c %a /m");
    assertThat(mounts).startsWith("tmpfs /m tmpfs rw").contains("size=1024k").endsWith("1750");
    Path shared = Files.createDirectory(directory.resolve("shared"));
    docker.ok(
        "volume", "create", "-o", "type=none", "-o", "device=" + shared, "-o", "o=bind", "bound");
    run("-v bound:/b", "echo here > /b/file");
    assertThat(shared.resolve("file")).hasContent("here\n");
    docker.ok(
        "volume", "create", "-o", "type=none", "-o", "device=/nosuch", "-o", "o=bind", "lost");
    Result failed = docker.run("run", "--network", "none", "-v", "lost:/b", "busybox", "true");
    assertThat(failed.err())
        .contains("error while mounting volume")
        .contains("no such file or directory");
  }

  @Test
  void aPartOfAVolumeIsMountedAndNothingOutsideOfIt() throws Exception {
    run("-v parts:/v", "mkdir -p /v/in/deep; echo deep > /v/in/deep/f; ln -s /etc /v/out");
    assertThat(
            run("--mount type=volume,src=parts,dst=/p,volume-subpath=in/deep", "cat /p/f; ls /p"))
        .isEqualTo("deep\nf");
    Result missing =
        docker.run(
            "run",
            "--rm",
            "--network",
            "none",
            "--mount",
            "type=volume,src=parts,dst=/p,volume-subpath=nosuch",
            "busybox",
            "true");
    assertThat(missing.err()).contains("cannot access path").contains("no such file or directory");
    Result out =
        docker.run(
            "run",
            "--rm",
            "--network",
            "none",
            "--mount",
            "type=volume,src=parts,dst=/p,volume-subpath=out",
            "busybox",
            "ls",
            "/p");
    assertThat(out.err())
        .as("a link is followed inside the volume only")
        .contains("no such file or directory");
  }

  @Test
  void volumesOfAnotherContainerAreTakenOver() throws Exception {
    docker.ok(
        "create",
        "--name",
        "source",
        "--network",
        "none",
        "-v",
        "taken:/t",
        "-v",
        "/anon",
        "busybox");
    run("--volumes-from source", "echo x > /t/f; echo y > /anon/f");
    assertThat(run("--volumes-from source:ro", "cat /t/f /anon/f; touch /t/g 2>&1 || true"))
        .startsWith("x\ny\n")
        .contains("Read-only file system");
    Result missing =
        docker.run("run", "--rm", "--network", "none", "--volumes-from", "nobody", "busybox");
    assertThat(missing.code()).isEqualTo(125);
    assertThat(missing.err()).contains("No such container: nobody");
  }

  @Test
  void anImageIsMountedReadOnly() throws Exception {
    assertThat(
            run(
                "--mount type=image,src=busybox,dst=/img",
                "ls /img/bin/busybox; touch /img/x 2>&1 || true"))
        .startsWith("/img/bin/busybox")
        .contains("Read-only file system");
    assertThat(run("--mount type=image,src=busybox,dst=/img,image-subpath=bin", "ls /img/busybox"))
        .isEqualTo("/img/busybox");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "volume create -d nosuch vol|create vol: error looking up volume plugin nosuch",
        "volume create -o foo=bar vol|create vol: invalid option: \"foo\"",
        "volume create b@d|includes invalid characters for a local volume name",
        "volume inspect nosuch|get nosuch: no such volume",
        "volume rm nosuch|get nosuch: no such volume",
        "volume ls --filter colour=red|invalid filter 'colour'",
        "volume prune -f --filter until=1h|invalid filter 'until'"
      })
  void errorsAreDockers(String command, String message) throws Exception {
    Result result = docker.run(command.split(" "));
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains(message);
  }

  @Test
  void whatIsUsedIsNotRemoved() throws Exception {
    docker.ok("volume", "create", "--label", "keep=yes", "kept");
    docker.ok("volume", "create", "used");
    String id = docker.ok("create", "--network", "none", "-v", "used:/u", "busybox");
    assertThat(docker.run("volume", "rm", "used").err())
        .contains("remove used: volume is in use - [" + id + "]");
    assertThat(docker.ok("volume", "ls", "-qf", "dangling=true")).isEqualTo("kept");
    assertThat(docker.ok("volume", "prune", "-f")).contains("Total reclaimed space: 0B");
    assertThat(docker.ok("volume", "prune", "-af", "--filter", "label!=keep=yes"))
        .doesNotContain("kept");
    assertThat(docker.ok("volume", "prune", "-af")).contains("kept").doesNotContain("used");
    assertThat(docker.run("volume", "rm", "-f", "nosuch").code()).isZero();
  }
}
