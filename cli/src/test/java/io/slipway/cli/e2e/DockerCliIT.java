package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.e2e.Shell.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real docker CLI with the whole program behind it: builds, images, archives, registries.
 * Containers have a test of their own in the engine. Needs root.
 */
class DockerCliIT {
  private static final String HELLO = "Hello from Slipway\nI am Linux, pid 1\n";

  @TempDir static Path temp;
  private static SlipwayDaemon daemon;
  private static Shell shell;

  @BeforeAll
  static void start() throws IOException {
    daemon = new SlipwayDaemon(temp.resolve("daemon"), SlipwayDaemon.Network.numbered(2));
    daemon.importBase("busybox");
    shell = daemon.shell(temp);
    docker("build", "-q", "-t", "hello", sample("hello")).text();
  }

  @AfterAll
  static void stop() throws IOException {
    try (SlipwayDaemon ours = daemon) {
      assertThat(Leftovers.of(ours)).isEmpty();
    }
  }

  private static Result docker(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "docker";
    System.arraycopy(words, 0, command, 1, words.length);
    return shell.run(command);
  }

  private static String sample(String name) {
    return SlipwayDaemon.ROOT.resolve("samples").resolve(name).toString();
  }

  /** A new folder with this Dockerfile. */
  private static Path context(String dockerfile) throws IOException {
    Path directory = Files.createTempDirectory(temp, "context");
    Files.writeString(directory.resolve("Dockerfile"), dockerfile);
    return directory;
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "ci"})
  void buildsAndRunsASample(String name) throws IOException {
    String image = "sample-" + name;
    assertThat(docker("build", "-t", image, sample(name)).text())
        .contains("Successfully built ")
        .contains("Successfully tagged " + image + ":latest\n");
    assertThat(docker("run", "--rm", image).text())
        .isEqualTo(Files.readString(Path.of(sample(name), "expected.txt")));
  }

  @Test
  void tellsABuildInClassicLines() throws IOException {
    String context =
        context("FROM busybox\nRUN echo in the step\nCOPY Dockerfile /\nCMD true\n").toString();
    String first = docker("build", "-t", "lines", context).text();
    String base = docker("images", "-q", "busybox").text().strip();
    assertThat(first)
        .contains("Step 1/4 : FROM busybox\n ---> " + base + "\nStep 2/4 : ")
        .containsPattern("Step 3/4 : COPY Dockerfile /\n ---> [0-9a-f]{12}\n")
        .containsPattern("Step 2/4 : RUN echo in the step\n ---> Running in [0-9a-f]{12}\nin the")
        .contains("Step 4/4 : CMD true\n")
        .containsPattern("Successfully built [0-9a-f]{12}\nSuccessfully tagged lines:latest\n$");
    String again = docker("build", context).text();
    assertThat(again)
        .containsPattern("Step 2/4 : RUN echo in the step\n ---> Using cache\n")
        .doesNotContain("Running in");
    assertThat(docker("build", "--no-cache", context).text()).contains("\nin the step\n");
  }

  @Test
  void saysNothingOfRulesThatTheClassicBuilderDoesNotKnow() throws IOException {
    String context = context("from busybox AS A\nENV A 1\nCMD true\n").toString();
    Result classic = docker("build", "--no-cache", context);
    assertThat(classic.text()).doesNotContain("Warning").doesNotContain("LegacyKeyValueFormat");
    assertThat(shell.run(SlipwayDaemon.LAUNCHER, "build", context).err())
        .contains("LegacyKeyValueFormat");
  }

  @Test
  void squashesLayersAndRefusesAttestations() throws IOException {
    String context =
        context("FROM busybox\nRUN echo 1 >/one\nRUN echo 2 >/two && rm /one\n").toString();
    shell.run(SlipwayDaemon.LAUNCHER, "build", "--squash", "-t", "squashed", context).text();
    String layers = "{{len .RootFS.Layers}}";
    String base = docker("image", "inspect", "-f", layers, "busybox").text().strip();
    assertThat(docker("image", "inspect", "-f", layers, "squashed").text().strip())
        .isEqualTo(Integer.toString(Integer.parseInt(base) + 1));
    assertThat(docker("run", "--rm", "squashed", "ls", "/").text())
        .contains("two\n")
        .doesNotContain("one\n");
    Result refused = shell.run(SlipwayDaemon.LAUNCHER, "build", "--provenance=mode=max", context);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("--provenance=mode=max is not supported");
    shell.run(SlipwayDaemon.LAUNCHER, "build", "--provenance=false", context).text();
  }

  @Test
  void buildsHeredocsAndStages() throws IOException {
    Path context =
        context(
            """
            ARG GREETING=hello
            FROM busybox AS made
            ARG GREETING
            RUN <<EOF
            echo "$GREETING from a heredoc" > /one
            echo two > /two
            EOF
            COPY <<FIRST <<'SECOND' /
            $GREETING
            FIRST
            $GREETING
            SECOND

            FROM scratch AS files
            COPY --from=made /one /two /FIRST /SECOND /

            FROM busybox
            COPY --from=files / /files/
            WORKDIR /files
            CMD ["cat", "one", "two", "FIRST", "SECOND"]
            """);
    String directory = context.toString();
    docker("build", "-t", "heredocs", "--build-arg", "GREETING=hi", directory).text();
    assertThat(docker("run", "--rm", "heredocs").text())
        .isEqualTo("hi from a heredoc\ntwo\nhi\n$GREETING\n");
    String stage = docker("build", "--target", "made", "-t", "stage", directory).text();
    assertThat(stage).doesNotContain("--from=files");
    assertThat(docker("run", "--rm", "stage", "cat", "/one").text())
        .isEqualTo("hello from a heredoc\n");
  }

  @Test
  void leavesIgnoredFilesOut() throws IOException {
    Path context = context("FROM busybox\nCOPY . /c\nCMD cd /c && find . -type f | sort\n");
    Files.writeString(context.resolve("kept.txt"), "x");
    Files.writeString(context.resolve("noise.log"), "x");
    Files.writeString(context.resolve("keep.log"), "x");
    Files.writeString(context.resolve(".dockerignore"), "*.log\n!keep.log\nDockerfile\n");
    docker("build", "-t", "ignored", context.toString()).text();
    assertThat(docker("run", "--rm", "ignored").text())
        .isEqualTo("./.dockerignore\n./keep.log\n./kept.txt\n");
  }

  @Test
  void tellsTheImageId() throws IOException {
    Path file = temp.resolve("iid");
    String quiet = docker("build", "-q", sample("hello")).text();
    assertThat(quiet).matches("sha256:[0-9a-f]{64}\n");
    docker("build", "--iidfile", file.toString(), sample("hello")).text();
    assertThat(Files.readString(file)).isEqualTo(quiet.strip());
    assertThat(docker("images", "-q", "--no-trunc", "hello").text()).isEqualTo(quiet);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RUN exit 7 | 7 | The command '/bin/sh -c exit 7' returned a non-zero code: 7",
        "RUN sh -c 'kill -9 $$'; exit $? | 137 | returned a non-zero code: 137",
        "RUM true | 1 | dockerfile parse error on line 2: unknown instruction: RUM",
        "COPY nothing /x | 1 | \"/nothing\": not found",
        "RUN --mount=type=bogus true | 1 | bogus",
        "USER ghost\\nRUN true | 1 | unable to find user ghost: no matching entries in passwd file",
        "COPY --from=localhost:1/none:1 /a /b | 1 | localhost:1/none:1",
      })
  void failsAsDockerDoes(String line, int exitCode, String reason) throws IOException {
    Path context = context("FROM busybox\n" + line.replace("\\n", "\n") + "\n");
    Path file = temp.resolve("no-iid");
    Result result = docker("build", "--iidfile", file.toString(), context.toString());
    assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
    assertThat(result.err()).contains(reason);
    assertThat(file).doesNotExist();
  }

  @Test
  void tellsAStagesOrBasesAbsence() throws IOException {
    Result stage = docker("build", "--target", "nowhere", sample("hello"));
    assertThat(stage.exitCode()).isEqualTo(1);
    assertThat(stage.err()).contains("target stage \"nowhere\" could not be found");
    Result base = docker("build", context("FROM localhost:1/gone:2\n").toString());
    assertThat(base.exitCode()).isEqualTo(1);
    assertThat(base.err()).contains("localhost:1/gone:2").contains("connection refused");
  }

  @Test
  void listsTagsAndRemoves() {
    docker("tag", "hello", "other/name:v1").text();
    String rows = docker("images", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}").text();
    assertThat(rows).contains("hello:latest ").contains("other/name:v1 ");
    assertThat(docker("history", "--format", "{{.CreatedBy}}", "--no-trunc", "hello").text())
        .startsWith("CMD [\"echo \\\"$GREETING\\\"")
        .contains("COPY /bin/busybox /bin/busybox # buildkit");
    assertThat(docker("rmi", "other/name:v1").text()).isEqualTo("Untagged: other/name:v1\n");
    assertThat(docker("rmi", "other/name:v1").exitCode()).isEqualTo(1);
    assertThat(docker("run", "--rm", "hello").text()).isEqualTo(HELLO);
  }

  @Test
  void savesAndLoads() {
    docker("tag", "hello", "saved:1").text();
    String id = docker("inspect", "-f", "{{.Id}}", "saved:1").text();
    docker("save", "-o", "saved.tar", "saved:1").text();
    docker("rmi", "saved:1").text();
    assertThat(docker("load", "-i", "saved.tar").text()).isEqualTo("Loaded image: saved:1\n");
    assertThat(docker("inspect", "-f", "{{.Id}}", "saved:1").text()).isEqualTo(id);
    assertThat(shell.sh("docker save saved:1 | docker load").text()).contains("Loaded image");
    assertThat(docker("run", "--rm", "saved:1").text()).isEqualTo(HELLO);
    docker("rmi", "saved:1").text();
  }

  @Test
  void importsARootFilesystem() {
    shell.sh("mkdir -p root/bin && cp $(command -v busybox) root/bin/ && echo in > root/f").text();
    String id = shell.sh("tar -C root -c . | docker import - imported:1").text();
    assertThat(id).matches("sha256:[0-9a-f]{64}\n");
    assertThat(docker("run", "--rm", "imported:1", "/bin/busybox", "cat", "/f").text())
        .isEqualTo("in\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ours", "Debian's"})
  void pushesAndPulls(String whose) throws IOException {
    Path directory = Files.createTempDirectory(temp, "registry");
    try (RegistryProcess registry =
        whose.equals("ours")
            ? RegistryProcess.ours(directory)
            : RegistryProcess.debians(directory)) {
      String image = registry.name() + "/team/hello:1";
      // An image that has no second name here, so that its layer is really fetched.
      Path context = context("FROM busybox\nRUN echo " + whose.length() + " > /who\n");
      docker("build", "-t", image, context.toString()).text();
      String id = docker("inspect", "-f", "{{.Id}}", image).text();
      assertThat(docker("push", image).text())
          .contains("The push refers to repository [" + registry.name() + "/team/hello]")
          .containsPattern("1: digest: sha256:[0-9a-f]{64} size: \\d+\n$");
      assertThat(docker("push", image).text()).contains("Layer already exists");
      docker("rmi", image).text();
      assertThat(docker("pull", image).text())
          .contains("Status: Downloaded newer image for " + image);
      assertThat(docker("inspect", "-f", "{{.Id}}", image).text()).isEqualTo(id);
      assertThat(docker("run", "--rm", image, "cat", "/who").text())
          .isEqualTo(whose.length() + "\n");
      assertThat(docker("pull", image).text()).contains("Status: Image is up to date for " + image);
    }
  }

  @Test
  void anArgumentAsksForTheCacheInTheImage() throws IOException {
    String path = context("FROM busybox\nRUN echo cached > /c\n").toString();
    for (String value : List.of("0", "1")) {
      docker("build", "--build-arg", "BUILDKIT_INLINE_CACHE=" + value, "-t", "inline:1", path)
          .text();
      Result found = shell.sh("docker save inline:1 | tar -xO | grep -c slipway.buildcache.v1");
      assertThat(found.out().strip()).isEqualTo(value);
    }
    Result wrong = docker("build", "--build-arg", "BUILDKIT_INLINE_CACHE=maybe", path);
    assertThat(wrong.err()).contains("invalid boolean value for BUILDKIT_INLINE_CACHE: maybe");
  }

  @Test
  void buildsFromAPipedDockerfile() {
    Result result =
        shell.run(
            InputStream.nullInputStream(), "sh", "-c", "echo FROM busybox | docker build -q -");
    assertThat(result.text()).matches("sha256:[0-9a-f]{64}\n");
  }
}
