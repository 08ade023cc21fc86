package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.engine.DockerCli.Result;
import io.slipway.runtime.spec.IdMappings;
import io.slipway.runtime.spec.IdMappings.Range;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Containers whose users are not the host's, with the real docker CLI. Needs root. */
@Timeout(120)
class UserRemapIT {
  private static final String NAME = "slwu" + ProcessHandle.current().pid() % 10000;
  private static final IdMappings USERS =
      new IdMappings(
          List.of(new Range(0, 300_000, 65_536)), List.of(new Range(0, 400_000, 65_536)));
  private static final int NOBODY = 65_534;

  private static Path directory;
  private static TestDaemon daemon;
  private static DockerCli docker;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("remap");
    TestImages.busybox(directory.resolve("data"));
    daemon = TestDaemon.start(directory, NAME, "10.233.0.1/24", Optional.of(USERS));
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
  }

  private static String[] words(String options, String script) {
    List<String> words = new ArrayList<>(List.of("run"));
    Arrays.stream(options.split(" ")).filter(word -> !word.isEmpty()).forEach(words::add);
    words.addAll(List.of("busybox", "sh", "-c", script));
    return words.toArray(String[]::new);
  }

  private static String run(String options, String script) throws Exception {
    return docker.ok(words("--rm " + options, script)).strip();
  }

  @Test
  void rootInAContainerIsAnotherUserOfTheHost() throws Exception {
    String maps = run("", "id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map");
    assertThat(maps.replaceAll(" +", " ")).isEqualTo("0\n0\n 0 300000 65536\n 0 400000 65536");
    docker.ok(words("-d --name idle -u 1000", "sleep 100"));
    Path process = Path.of("/proc", docker.ok("inspect", "-f", "{{.State.Pid}}", "idle").strip());
    assertThat(Files.getAttribute(process, "unix:uid")).isEqualTo(301_000);
    assertThat(docker.ok("info", "-f", "{{.SecurityOptions}}")).contains("name=userns");
  }

  @Test
  void filesBelongToTheContainersUsersAndSoDoTheirCopies() throws Exception {
    docker.ok(
        words(
            "-d --name files -v data:/v",
            "touch /mine /v/mine; chown 7:8 /mine /v/mine; echo x >> /etc/hosts; sleep 100"));
    docker.ok("exec", "files", "sh", "-c", "while [ ! -e /v/mine ]; do sleep 0.1; done; sleep 0.2");
    String owners =
        docker.ok(
            "exec", "files", "stat", "-c", "%u %g", "/bin", "/mine", "/v", "/v/mine", "/etc/hosts");
    assertThat(owners).isEqualTo("0 0\n7 8\n0 0\n7 8\n0 0");
    assertThat(docker.ok("exec", "files", "tail", "-n", "1", "/etc/hosts")).isEqualTo("x");
    assertThat(docker.ok("diff", "files")).contains("A /mine");
    assertThat(owner("files", "/mine")).isEqualTo("7:8");
    docker.ok("kill", "files");
    docker.ok("wait", "files");
    assertThat(owner("files", "/mine")).isEqualTo("7:8");
    Path file = Files.writeString(directory.resolve("copied"), "copied");
    Files.writeString(
        Files.createDirectories(directory.resolve("tree/deep")).resolve("file"), "deep");
    docker.ok("cp", file.toString(), "files:/copied");
    docker.ok("start", "files");
    assertThat(docker.ok("exec", "files", "stat", "-c", "%u", "/copied")).isEqualTo("0");
    docker.ok("cp", file.toString(), "files:/again");
    docker.ok("cp", file.getParent().resolve("tree") + "/.", "files:/made");
    assertThat(docker.ok("exec", "files", "stat", "-c", "%u", "/again", "/made/deep/file"))
        .isEqualTo("0\n0");
  }

  /** Of the first entry of an archive of the path. */
  private static String owner(String container, String path) throws Exception {
    byte[] tar = docker.ok("cp", container + ":" + path, "-").getBytes(StandardCharsets.ISO_8859_1);
    return number(tar, 108) + ":" + number(tar, 116);
  }

  private static int number(byte[] tar, int at) {
    return Integer.parseInt(new String(tar, at, 7, StandardCharsets.ISO_8859_1).strip(), 8);
  }

  @Test
  void filesOfTheHostAreNobodys() throws Exception {
    Path secret = Files.createDirectory(directory.resolve("secret"));
    Files.writeString(secret.resolve("file"), "secret");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
    String denied = run("-v " + secret + ":/s", "stat -c %u /s; ls /s 2>&1; true");
    assertThat(denied).startsWith(NOBODY + "\n").contains("Permission denied");
    docker.ok(
        "volume", "create", "-o", "type=none", "-o", "device=" + secret, "-o", "o=bind", "own");
    assertThat(run("-v own:/s", "stat -c %u /s; touch /s/x 2>&1; true"))
        .startsWith(NOBODY + "\n")
        .contains("Permission denied");
    assertThat(secret.resolve("x")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sysctl net.core.somaxconn=77 | cat /proc/sys/net/core/somaxconn | 77",
        " | cat /proc/sys/net/ipv4/ip_unprivileged_port_start | 0",
        "--oom-score-adj 5 | cat /proc/self/oom_score_adj | 5",
        "--read-only | touch /w 2>&1; echo ended | touch: /w: Read-only file system\\nended",
        "--tmpfs /t | touch /t/x; stat -c %u /t /t/x | 0\\n0",
        "--device /dev/null:/dev/in/side | echo x > /dev/in/side; stat -c %u /dev/in | 0",
        "-u 1000 | echo out > /dev/stdout; id -u | out\\n1000",
        "-t | tty; stat -c '%u %a' $(tty) | /dev/pts/0\\r\\n0 620\\r",
        "--uts host | id -u | 0",
        "-w /made/here | stat -c %u /made/here | 0",
        "--network none | cat /sys/class/net/lo/operstate | unknown",
      })
  void optionsWorkAsElsewhere(String options, String script, String output) throws Exception {
    assertThat(run(options == null ? "" : options, script))
        .isEqualTo(output.replace("\\n", "\n").replace("\\r", "\r").strip());
  }

  @Test
  void execsJoinTheUsers() throws Exception {
    docker.ok(words("-d --name idle", "sleep 100"));
    assertThat(docker.ok("exec", "-u", "1000", "idle", "sh", "-c", "id -u; echo ok > /dev/stdout"))
        .isEqualTo("1000\nok");
    assertThat(docker.ok("exec", "-t", "idle", "sh", "-c", "stat -c %u $(tty)")).startsWith("0");
    assertThat(docker.ok("exec", "idle", "grep", "CapEff", "/proc/self/status"))
        .contains("00000000a80425fb");
  }

  @Test
  void networksAndPeersAreShared() throws Exception {
    docker.ok("network", "create", "own");
    docker.ok(words("-d --name server --network own", "sleep 100"));
    assertThat(run("--network own", "ping -c 1 -W 5 server")).contains(" 0% packet loss");
    assertThat(run("--network container:server --pid container:server", "ps; ip route"))
        .contains("sleep 100")
        .contains("default");
    docker.ok("rm", "-f", "server");
    docker.ok("network", "rm", "own");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--privileged | privileged mode is incompatible with user namespaces.  You must run the"
            + " container in the host namespace when running privileged mode",
        "--network host | cannot share the host's network namespace when user namespaces are"
            + " enabled",
        "--pid host | cannot share the host PID namespace when user namespaces are enabled",
        "--runtime runc | --runtime runc has no users of its own: add --userns=host",
      })
  void whatNeedsTheHostIsRefused(String options, String message) throws Exception {
    Result result = docker.run(words("--rm " + options, "true"));
    assertThat(result.code()).isEqualTo(125);
    assertThat(result.err()).contains("Error response from daemon: " + message);
  }

  @ParameterizedTest
  @CsvSource({"--userns host", "--userns host --privileged", "--userns host --network host"})
  void theHostsUsersAreThereForWhoAsks(String options) throws Exception {
    assertThat(run(options, "cat /proc/self/uid_map; touch /mine; stat -c %u /mine /dev/null"))
        .matches("\\s*0\\s+0\\s+4294967295\n0\n0");
  }

  @Test
  void aContainerIsStartedAgainWithItsFiles() throws Exception {
    docker.ok(words("--name again", "echo x >> /runs; wc -l < /runs"));
    assertThat(docker.ok("start", "-a", "again")).isEqualTo("2");
  }
}
