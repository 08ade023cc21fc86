package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.error.StepFailedException;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.CacheUse;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.History;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds Dockerfiles with real containers; needs root. */
class BuildIT {
  @TempDir static Path data;
  @TempDir Path context;
  private static BuildMachine machine;

  @BeforeAll
  static void open() throws Exception {
    machine = new BuildMachine(data);
  }

  @AfterAll
  static void close() throws Exception {
    machine.close();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(machine.unfinished()).isEmpty();
  }

  private BuildResult build(String dockerfile) throws Exception {
    return build(dockerfile, BuildOptions.DEFAULTS, BuildListener.SILENT);
  }

  private BuildResult build(String dockerfile, BuildOptions options, BuildListener listener)
      throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    return machine.build(context, options, listener, "test");
  }

  /** The files of the image that a Dockerfile makes. */
  private Map<String, String> files(String dockerfile) throws Exception {
    return machine.files(build(dockerfile).imageId().orElseThrow());
  }

  private SlipwayException failure(String dockerfile) {
    return catchThrowableOfType(SlipwayException.class, () -> build(dockerfile));
  }

  private void write(String path, String content) throws Exception {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @Test
  void copiesRunsAndConfigures() throws Exception {
    write("hello", "hello\n");
    BuildResult result =
        build(
            """
            FROM busybox
            ENV A=1
            RUN echo $A $HOME $(id -u) $(hostname) > /out
            COPY hello /greeting
            CMD ["cat", "/greeting"]
            """);
    var files = machine.files(result.imageId().orElseThrow());
    assertThat(files)
        .containsEntry("/out", "file 644 0:0 1 /root 0 buildkitsandbox\n")
        .containsEntry("/greeting", "file 644 0:0 hello\n")
        .doesNotContainKeys("/proc", "/sys", "/dev", "/etc/hosts", "/etc/resolv.conf");
    assertThat(machine.config(result.imageId().orElseThrow()).config().cmd().orElseThrow())
        .containsExactly("cat", "/greeting");
  }

  @Test
  void aSecondBuildRunsNothingAndGivesTheSameImage() throws Exception {
    write("f", "f");
    String dockerfile = "FROM busybox\nRUN echo x > /x\nCOPY f /f\nENV A=1\n";
    BuildResult first = build(dockerfile);
    BuildResult second = build(dockerfile);
    assertThat(second.ranSteps()).isZero();
    assertThat(second.cachedSteps()).isEqualTo(2);
    assertThat(second.imageId()).isEqualTo(first.imageId());
  }

  @Test
  void anImageWithoutLayersOfItsOwnIsTheSameWhenBuiltAgain() throws Exception {
    BuildResult first = build("FROM busybox\nENV ONLY=config\n");
    Thread.sleep(5);
    assertThat(build("FROM busybox\nENV ONLY=config\n").imageId()).isEqualTo(first.imageId());
    assertThat(files("FROM scratch\n")).isEmpty();
  }

  @Test
  void usersWorkdirsAndShells() throws Exception {
    assertThat(
            files(
                """
                FROM busybox
                USER app
                WORKDIR /home/app/a/b
                RUN id > ids; pwd > dir; echo $HOME > home
                USER 1234:50
                RUN id > /tmp/number
                SHELL ["/bin/sh", "-ec"]
                USER root
                RUN if false; then :; fi; umask > /umask
                """))
        .containsEntry("/home/app/a", "dir 755 1000:1001")
        .containsEntry("/home/app/a/b", "dir 755 1000:1001")
        .containsEntry(
            "/home/app/a/b/ids",
            "file 644 1000:1001 uid=1000(app) gid=1001(app) groups=50(staff),1001(app)\n")
        .containsEntry("/home/app/a/b/dir", "file 644 1000:1001 /home/app/a/b\n")
        .containsEntry("/home/app/a/b/home", "file 644 1000:1001 /home/app\n")
        .containsEntry("/umask", "file 644 0:0 0022\n");
  }

  @Test
  void heredocs() throws Exception {
    assertThat(
            files(
                """
                FROM busybox
                ENV NAME=world
                RUN <<EOF
                echo one > /one
                false
                echo two > /two
                EOF
                RUN cat <<A > /three
                three
                A
                RUN <<SCRIPT
                #!/bin/busybox sh
                echo "$0 runs" > /four
                SCRIPT
                COPY --chmod=600 --chown=app <<greeting <<'raw' /data/
                hello $NAME
                greeting
                hello $NAME
                raw
                """))
        .containsEntry("/one", "file 644 0:0 one\n")
        .containsEntry("/two", "file 644 0:0 two\n")
        .containsEntry("/three", "file 644 0:0 three\n")
        .containsEntry("/four", "file 644 0:0 /dev/pipes/SCRIPT runs\n")
        .containsEntry("/data/greeting", "file 600 1000:1001 hello world\n")
        .containsEntry("/data/raw", "file 600 1000:1001 hello $NAME\n")
        .doesNotContainKey("/dev");
  }

  @Test
  void stagesAndImagesAreCopiedFrom() throws Exception {
    assertThat(
            files(
                """
                FROM busybox AS make
                RUN mkdir /o && echo x > /o/x && chown -R app:staff /o && ln /o/x /o/y
                RUN ln -s x /o/link && chmod 4755 /o/x
                FROM scratch
                COPY --from=make /o /out
                COPY --from=busybox /bin/busybox /bin/
                COPY --from=0 /o/link /followed
                """))
        .containsEntry("/out", "dir 755 0:0")
        .containsEntry("/out/x", "file 4755 1000:50 x\n")
        .containsEntry("/out/link", "link 0:0 -> x")
        .containsEntry("/followed", "file 4755 1000:50 x\n")
        .containsKey("/bin/busybox");
  }

  @Test
  void addUnpacksArchives() throws Exception {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(context.resolve("a.tar.gz")))) {
      var tar = new TarWriter(out);
      tar.put(TarEntry.file("in/file", 0640, 1, new TarTime(5, 0)).withOwner(7, 8));
      tar.write("x".getBytes(StandardCharsets.US_ASCII), 0, 1);
      tar.finish();
    }
    assertThat(
            files(
                "FROM scratch\nADD a.tar.gz /d/\nADD --unpack=false a.tar.gz /e/\n"
                    + "COPY a.tar.gz /f/\nADD --chown=3 a.tar.gz /g\n"))
        .containsEntry("/d/in/file", "file 640 7:8 x")
        .containsEntry("/g/in/file", "file 640 3:3 x")
        .containsKeys("/e/a.tar.gz", "/f/a.tar.gz");
  }

  @Test
  void ignoredFilesAreNotThere() throws Exception {
    write(".dockerignore", "secret\n**/*.o\nDockerfile\n!keep.o\n");
    write("secret", "s");
    write("d/x.o", "o");
    write("d/keep", "k");
    write("keep.o", "k");
    assertThat(files("FROM scratch\nCOPY . /\n").keySet())
        .containsExactly("/.dockerignore", "/d", "/d/keep", "/keep.o");
    assertThat(failure("FROM scratch\nCOPY secret /\n"))
        .hasMessageContaining("\"/secret\": not found");
  }

  @Test
  void mounts() throws Exception {
    write("d/f", "from context");
    String dockerfile =
        """
        FROM busybox AS tool
        RUN echo tool > /tool
        FROM busybox
        RUN --mount=target=/c,source=d --mount=from=tool,target=/t \\
            cat /c/f /t/tool > /read; touch /c/new || echo read-only >> /read
        RUN --mount=target=/c,source=d,rw touch /c/new && echo written > /written
        RUN --mount=type=cache,target=/cache echo kept >> /cache/log
        RUN --mount=type=cache,target=/cache cat /cache/log > /log
        RUN --mount=type=tmpfs,target=/t,size=1m dd if=/dev/zero of=/t/x bs=1k count=500; ls /t > /tmpfs
        """;
    assertThat(files(dockerfile))
        .containsEntry("/read", "file 644 0:0 from contexttool\nread-only\n")
        .containsEntry("/written", "file 644 0:0 written\n")
        .containsEntry("/log", "file 644 0:0 kept\n")
        .containsEntry("/tmpfs", "file 644 0:0 x\n")
        .doesNotContainKeys("/c", "/t", "/cache");
    assertThat(context.resolve("d/new")).doesNotExist();
  }

  @Test
  void layersHoldDeletionsAndNothingOfMounts() throws Exception {
    BuildResult result =
        build("FROM busybox\nRUN rm /etc/group && true > /etc/new\nRUN true\nWORKDIR /etc\n");
    Digest id = result.imageId().orElseThrow();
    assertThat(machine.files(id)).doesNotContainKey("/etc/group").containsKey("/etc/new");
    List<Digest> layers = machine.config(id).rootFs().diffIds();
    assertThat(layers).hasSize(4);
    assertThat(layers.get(2)).as("two steps that change nothing").isEqualTo(layers.get(3));
  }

  @Test
  void historyAndTimes() throws Exception {
    var options = BuildOptions.DEFAULTS.withBuildArgs(Map.of("SOURCE_DATE_EPOCH", "1700000000"));
    BuildResult result =
        build("FROM busybox\nARG A=1\nRUN true\nCMD x\n", options, BuildListener.SILENT);
    var config = machine.config(result.imageId().orElseThrow());
    assertThat(config.created().orElseThrow().getEpochSecond()).isEqualTo(1_700_000_000);
    assertThat(config.history())
        .extracting(History::createdBy)
        .containsExactly(
            "",
            "ARG A=1",
            "RUN |1 A=1 /bin/sh -c true # buildkit",
            "CMD [\"/bin/sh\" \"-c\" \"x\"]");
    assertThat(config.history())
        .extracting(History::emptyLayer)
        .containsExactly(false, true, false, true);
  }

  @Test
  void aFailingCommandIsTold() throws Exception {
    var events = new ArrayList<BuildEvent>();
    var failure =
        catchThrowableOfType(
            StepFailedException.class,
            () ->
                build(
                    "FROM busybox\nRUN echo before; echo wrong >&2; exit 7\nRUN later\n",
                    BuildOptions.DEFAULTS,
                    events::add));
    assertThat(failure)
        .hasMessage(
            "process \"/bin/sh -c echo before; echo wrong >&2; exit 7\" did not complete"
                + " successfully: exit code: 7");
    assertThat(failure.exitCode()).isEqualTo(7);
    assertThat(failure.logTail()).contains("before").contains("wrong");
    assertThat(failure.excerpt().orElseThrow().faultStart()).isEqualTo(2);
    assertThat(events).last().isInstanceOf(BuildEvent.Failed.class);
  }

  @Test
  void otherFailuresNameTheLines() {
    assertThat(failure("FROM busybox\nUSER nosuch\nRUN true\n"))
        .hasMessage("unable to find user nosuch: no matching entries in passwd file")
        .isInstanceOf(DockerfileException.class);
    assertThat(failure("FROM busybox\nRUN [\"/nosuch\"]\n"))
        .isInstanceOfSatisfying(
            StepFailedException.class, e -> assertThat(e.exitCode()).isEqualTo(127));
    assertThat(failure("FROM busybox\nCOPY nosuch /\n"))
        .hasMessageContaining("\"/nosuch\": not found");
    assertThat(failure("FROM nosuch\n")).hasMessageContaining("nosuch:latest: not found");
    assertThat(failure("FROM busybox\nCOPY --chown=nosuch Dockerfile /x\n"))
        .hasMessageContaining("nosuch");
    assertThat(failure("FROM busybox\nRUN true > /x\nWORKDIR /x/y\n"))
        .hasMessageContaining("not a directory");
  }

  @Test
  void aCancelledBuildLeavesNothing() throws Exception {
    var running = new CountDownLatch(1);
    Files.writeString(
        context.resolve("Dockerfile"), "FROM busybox\nRUN echo go; sleep 300; touch /never\n");
    var request =
        new BuildRequest(
            new ContextSource.Directory(context),
            new DockerfileSource.InContext("Dockerfile"),
            BuildOptions.DEFAULTS,
            List.of());
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      var done =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowableOfType(
                      SlipwayException.class,
                      () ->
                          build.run(event -> {
                            if (event instanceof BuildEvent.Log) {
                              running.countDown();
                            }
                          })),
              Thread::startVirtualThread);
      running.await();
      build.cancel();
      assertThat(done.join().kind()).isEqualTo(ErrorKind.CANCELLED);
    }
    assertThat(ProcessHandle.allProcesses().filter(this::isSleep)).isEmpty();
  }

  private boolean isSleep(ProcessHandle process) {
    return process.info().commandLine().filter(line -> line.contains("sleep 300")).isPresent();
  }

  @Test
  void sentContextsAndOtherOutputs() throws Exception {
    var sent = new ByteArrayOutputStream();
    var tar = new TarWriter(sent);
    for (String file : List.of("Dockerfile:FROM scratch\nCOPY f /d/\n", "f:content")) {
      String name = file.substring(0, file.indexOf(':'));
      byte[] content = file.substring(name.length() + 1).getBytes(StandardCharsets.UTF_8);
      tar.put(TarEntry.file(name, 0600, content.length, TarTime.EPOCH).withOwner(5, 5));
      tar.write(content, 0, content.length);
    }
    tar.finish();
    var output = new ByteArrayOutputStream();
    Path directory = context.resolve("out");
    var request =
        new BuildRequest(
            new ContextSource.Tar(new java.io.ByteArrayInputStream(sent.toByteArray())),
            new DockerfileSource.InContext("Dockerfile"),
            BuildOptions.DEFAULTS,
            List.of(new BuildOutput.Directory(directory), new BuildOutput.Tar(output)));
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      assertThat(build.run(BuildListener.SILENT).imageId()).isEmpty();
    }
    assertThat(directory.resolve("d/f")).hasContent("content");
    assertThat(Files.getOwner(directory.resolve("d/f")).getName()).isEqualTo("root");
    assertThat(output.toString(StandardCharsets.ISO_8859_1)).contains("d/f").contains("content");
  }

  @Test
  void stagesRunBesideEachOther() throws Exception {
    long start = System.nanoTime();
    build(
        """
        FROM busybox AS a
        RUN sleep 2; echo a > /a
        FROM busybox AS b
        RUN sleep 2; echo b > /b
        FROM busybox AS unused
        RUN false
        FROM busybox
        COPY --from=a /a /
        COPY --from=b /b /
        """,
        BuildOptions.DEFAULTS.withCache(CacheUse.NONE),
        BuildListener.SILENT);
    assertThat(System.nanoTime() - start).isLessThan(3_500_000_000L);
  }

  @Test
  void destinationsAndPatterns() throws Exception {
    write("a1", "a1");
    write("a2", "a2");
    write("d/x", "x");
    Files.createSymbolicLink(context.resolve("link"), Path.of("d"));
    Files.createSymbolicLink(context.resolve("d/in"), Path.of("x"));
    assertThat(
            files(
                """
                FROM scratch
                COPY nosuch* /nothing/
                COPY a? /both/
                COPY a1 a2 /last
                COPY link /linked
                COPY --chmod=u=rwX,go= d /mode
                WORKDIR /w
                COPY a1 .
                COPY a1 new/name
                """))
        .containsEntry("/both/a1", "file 644 0:0 a1")
        .containsEntry("/both/a2", "file 644 0:0 a2")
        .containsEntry("/last", "file 644 0:0 a2")
        .containsEntry("/linked/x", "file 644 0:0 x")
        .containsEntry("/linked/in", "link 0:0 -> x")
        .containsEntry("/mode", "dir 755 0:0")
        .containsEntry("/mode/x", "file 600 0:0 x")
        .containsEntry("/w/a1", "file 644 0:0 a1")
        .containsEntry("/w/new/name", "file 644 0:0 a1")
        .doesNotContainKey("/nothing");
  }

  @Test
  void triggersOfTheParentFire() throws Exception {
    write("x", "x");
    assertThat(
            files(
                "FROM busybox AS parent\nONBUILD COPY x /x\nONBUILD RUN cat /x > /y\n"
                    + "FROM parent\nRUN cat /y > /z\n"))
        .containsEntry("/z", "file 644 0:0 x");
  }

  @Test
  void aNewDaemonFindsTheStepsOfTheOneBefore(@TempDir Path other) throws Exception {
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM busybox AS a\nRUN echo x > /x\nFROM busybox\nCOPY --from=a /x /\nRUN cat /x\n");
    Digest first;
    try (var one = new BuildMachine(other)) {
      first =
          one.build(context, BuildOptions.DEFAULTS, BuildListener.SILENT, "t")
              .imageId()
              .orElseThrow();
    }
    try (var two = new BuildMachine(other)) {
      BuildResult again = two.build(context, BuildOptions.DEFAULTS, BuildListener.SILENT, "t");
      assertThat(again.ranSteps()).isZero();
      assertThat(again.imageId()).contains(first);
    }
  }

  @Test
  void equalStepsOfBuildsAtTheSameTimeRunOnce() throws Exception {
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM busybox\nRUN sleep 1; od -An -N8 -x /dev/urandom > /r\n");
    var builds = new ArrayList<CompletableFuture<BuildResult>>();
    for (int i = 0; i < 5; i++) {
      String tag = "same" + i;
      builds.add(
          CompletableFuture.supplyAsync(
              () -> machine.build(context, BuildOptions.DEFAULTS, BuildListener.SILENT, tag),
              Thread::startVirtualThread));
    }
    assertThat(builds)
        .extracting(build -> build.join().imageId())
        .containsOnly(builds.getFirst().join().imageId());
    assertThat(builds.stream().mapToInt(build -> build.join().ranSteps()).sum()).isEqualTo(1);
  }

  @Test
  void networkNoneHasLoopbackOnly() throws Exception {
    assertThat(files("FROM busybox\nRUN --network=none ip -o addr | grep -c . > /n\n").get("/n"))
        .matches("file 644 0:0 [12]\n");
  }
}
