package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same command lines given to {@code docker} and to {@code slipway}, both on a daemon of ours:
 * the same exit code and the same words. Needs root.
 */
class CommandParityIT {
  private static final Path LINES =
      Path.of("src/test/resources/contract/command-lines.txt").toAbsolutePath();

  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static RegistryProcess registry;
  private static Shell shell;

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(8));
    daemon.importBase("busybox");
    shell = daemon.shell(temp).with("DOCKER_CONFIG", temp.resolve("config").toString());
    registry = RegistryProcess.debians(temp.resolve("registry"));
    shell = shell.with("REGISTRY", "localhost:" + registry.port());
    shell.sh("docker tag busybox $REGISTRY/many:1; docker tag busybox $REGISTRY/many:2").text();
    shell.sh("docker push -q -a $REGISTRY/many").text();
    shell.sh("docker rmi $REGISTRY/many:1 $REGISTRY/many:2").text();
    pushOneFor("amd64");
    pushOneFor("arm64");
    Path source = Files.createDirectories(temp.resolve("src/sub")).getParent();
    Files.writeString(source.resolve("a"), "A\n");
    Files.writeString(source.resolve("sub/b"), "B\n");
    Files.createSymbolicLink(source.resolve("l"), Path.of("a"));
    shell
        .run(
            "docker",
            "run",
            "-d",
            "--network",
            "none",
            "--name",
            "run",
            "-v",
            "vol:/vol",
            "busybox",
            "sh",
            "-c",
            "echo out; mkdir -p /d/e; echo x >/d/e/f; ln -s /vol /lnk; touch /ready; sleep 1000")
        .text();
    shell.sh("until docker cp run:/ready - >/dev/null 2>&1; do sleep 0.1; done").text();
    shell.run("docker", "create", "--network", "none", "--name", "made", "busybox", "true").text();
    shell
        .run(
            "docker",
            "run",
            "-d",
            "--network",
            "none",
            "--name",
            "paused",
            "busybox",
            "sleep",
            "1000")
        .text();
    shell.run("docker", "pause", "paused").text();
  }

  /** An image of docker's media types, because Debian's docker makes no lists of others. */
  private static void pushOneFor(String architecture) {
    String output = "type=registry,oci-mediatypes=false,name=$REGISTRY/typed:" + architecture;
    shell
        .sh(
            "printf 'FROM scratch\nLABEL of=%s\n' | %s build -q --platform linux/%s -o %s -"
                .formatted(architecture, SlipwayDaemon.LAUNCHER, architecture, output))
        .text();
  }

  @AfterAll
  static void stop() {
    registry.close();
    try (SlipwayDaemon ours = daemon) {
      ours.shell(temp).run("docker", "rm", "-f", "-v", "run", "made", "paused").text();
    }
  }

  static List<String> lines() throws IOException {
    return Files.readAllLines(LINES).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void sameWords(String line) throws IOException {
    assertThat(outcome(line, SlipwayDaemon.LAUNCHER)).isEqualTo(outcome(line, "docker"));
  }

  /** What a line printed and left in the folder {@code out}, without what differs by time. */
  private static String outcome(String line, String command) throws IOException {
    Path out = Files.createDirectories(temp.resolve("out"));
    String script = line.replaceAll("(^|[|;] *|\\$\\()CLI ", "$1" + command + " ");
    Shell.Result result = shell.sh(script);
    String left =
        shell.in(out).sh("find . -printf '%p %y %l\\n' | sort; cat $(find . -type f)").out();
    shell.run("rm", "-rf", out.toString()).text();
    String text = "exit " + result.exitCode() + "\n" + result.out() + result.err() + left;
    return text.replaceAll("time=.*level=error.*\\n", "")
        .replaceAll("[0-9a-f]{64}", "ID")
        .replaceAll("(?m)^[0-9]+ +", "PID ")
        .replaceAll("[0-9.]+[KM]iB", "SIZE")
        .replaceAll("[0-9]+ seconds ago *", "TIME ")
        .replaceAll("[0-9.]+%", "PERCENT");
  }
}
