package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.Entitlement;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.SlipwayException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flags of RUN, COPY and ADD, with real containers; needs root. */
class LanguageIT {
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

  private BuildResult build(
      String dockerfile, BuildOptions options, CallerSecrets secrets, BuildListener listener)
      throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    return machine.build(context, options, secrets, listener, "test");
  }

  private BuildResult build(String dockerfile) throws Exception {
    return build(dockerfile, BuildOptions.DEFAULTS, CallerSecrets.NONE, BuildListener.SILENT);
  }

  private Map<String, String> files(BuildResult result) throws Exception {
    return machine.files(result.imageId().orElseThrow());
  }

  private Map<String, String> files(String dockerfile) throws Exception {
    return files(build(dockerfile));
  }

  private Map<String, String> files(String dockerfile, CallerSecrets secrets) throws Exception {
    return files(build(dockerfile, BuildOptions.DEFAULTS, secrets, BuildListener.SILENT));
  }

  private void write(String path, String content) throws Exception {
    Path file = context.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @Test
  void linkedLayersComeOverWhateverIsThere() throws Exception {
    write("f", "f");
    write("d/sub/g", "g");
    assertThat(
            files(
                """
                FROM busybox
                RUN mkdir -p /real /both/kept && ln -s /real /way && echo old > /both/f \\
                    && chmod 700 /both && echo x > /both/kept/x
                COPY --link f /way/f
                COPY --link --chown=7:8 d f /both/
                """))
        .containsEntry("/way", "dir 755 0:0")
        .containsEntry("/way/f", "file 644 0:0 f")
        .doesNotContainKey("/real/f")
        .containsEntry("/both", "dir 755 7:8")
        .containsEntry("/both/f", "file 644 7:8 f")
        .containsEntry("/both/sub/g", "file 644 7:8 g")
        .containsEntry("/both/kept/x", "file 644 0:0 x\n");
  }

  @Test
  void aLinkedLayerIsKnownWhateverItLiesOn() throws Exception {
    write("f", "linked");
    build("FROM busybox\nRUN echo one > /one\nCOPY --link f /f\n");
    List<String> started = Collections.synchronizedList(new ArrayList<>());
    List<String> cached = Collections.synchronizedList(new ArrayList<>());
    BuildResult other =
        build(
            "FROM busybox\nRUN echo two > /two\nCOPY --link f /f\n",
            BuildOptions.DEFAULTS,
            CallerSecrets.NONE,
            event -> {
              if (event instanceof BuildEvent.Started e) {
                started.add(e.name());
              } else if (event instanceof BuildEvent.Cached e) {
                cached.add(e.name());
              }
            });
    assertThat(cached).anyMatch(name -> name.endsWith("COPY --link f /f"));
    assertThat(started).anyMatch(name -> name.endsWith("COPY --link f /f (merging)"));
    assertThat(started).noneMatch(name -> name.endsWith("COPY --link f /f"));
    assertThat(files(other)).containsEntry("/f", "file 644 0:0 linked").containsKey("/two");
    assertThat(machine.config(other.imageId().orElseThrow()).history().getLast().createdBy())
        .isEqualTo("COPY f /f # buildkit");
  }

  @Test
  void parentsAreKept() throws Exception {
    write("a/b/c/x.txt", "x");
    write("a/b/y.txt", "y");
    write("a/z.md", "z");
    write("e/f/w.txt", "w");
    Files.setPosixFilePermissions(
        context.resolve("a/b"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-x---"));
    assertThat(
            files(
                    """
                    FROM scratch
                    COPY --parents a/b/y.txt e /one/
                    COPY --parents a/./b/c /two
                    COPY --parents **/*.txt /three/
                    COPY --parents --exclude=a/b/c a /four/
                    COPY --parents --chmod=700 e/f/w.txt /five/
                    COPY --parents none*/x /six/
                    """)
                .keySet())
        .contains("/one/a/b/y.txt", "/one/e/f/w.txt", "/two/b/c/x.txt", "/three/a/b/c/x.txt")
        .contains("/three/e/f/w.txt", "/four/a/z.md", "/four/a/b/y.txt", "/five/e/f/w.txt")
        .doesNotContain("/two/a", "/two/b/y.txt", "/three/a/z.md", "/four/a/b/c", "/one/a/z.md");
    assertThat(files("FROM scratch\nCOPY --parents a/b/y.txt /o/\n"))
        .containsEntry("/o/a", "dir 755 0:0")
        .containsEntry("/o/a/b", "dir 750 0:0");
    assertThat(
            catchThrowableOfType(
                SlipwayException.class, () -> build("FROM scratch\nCOPY --parents a/none /o/\n")))
        .hasMessageContaining("\"/a/none\": not found");
  }

  @Test
  void aChangedParentDirectoryIsNoticed() throws Exception {
    write("a/f", "f");
    String dockerfile = "FROM scratch\nCOPY --parents a/f /o/\n";
    build(dockerfile);
    assertThat(build(dockerfile).ranSteps()).isZero();
    Files.setPosixFilePermissions(
        context.resolve("a"), java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    assertThat(files(dockerfile)).containsEntry("/o/a", "dir 700 0:0");
  }

  @Test
  void symbolicModesAndExcludes() throws Exception {
    write("d/run", "r");
    write("d/no.log", "n");
    write("d/sub/no.log", "n");
    write("d/sub/yes.log", "y");
    context.resolve("d/run").toFile().setExecutable(true, false);
    assertThat(
            files(
                "FROM scratch\n"
                    + "COPY --chmod=u=rwX,go=rX,o-r --exclude=**/no.log d /x/\n"
                    + "COPY --exclude=*.log --exclude=!yes.log d/sub /y/\n"))
        .containsEntry("/x/run", "file 751 0:0 r")
        .containsEntry("/x/sub", "dir 751 0:0")
        .containsEntry("/x/sub/yes.log", "file 640 0:0 y")
        .doesNotContainKeys("/x/no.log", "/x/sub/no.log", "/y/no.log")
        .containsKey("/y/yes.log");
  }

  @Test
  void secretsAreSeenAndLeaveNothing() throws Exception {
    byte[] value = "s3cret-value".getBytes(StandardCharsets.UTF_8);
    String dockerfile =
        """
        FROM busybox
        RUN --mount=type=secret,id=token [ "$(cat /run/secrets/token)" = s3cret-value ] \\
            && stat -c '%a %u:%g %s' /run/secrets/token > /plain && grep -q noexec /proc/self/mountinfo
        RUN --mount=type=secret,id=token,target=/a/b,mode=0444,uid=7,gid=8 stat -c '%a %u:%g' /a/b > /set
        RUN --mount=type=secret,id=token,env=TOKEN [ "$TOKEN" = s3cret-value ] \\
            && [ ! -e /run/secrets/token ] && echo seen > /env
        RUN --mount=type=secret,id=none,env=NONE --mount=type=secret,id=none2 \\
            echo "[$NONE]" > /none; ls /run/secrets >> /none 2>&1; true
        """;
    BuildResult result =
        build(
            dockerfile,
            BuildOptions.DEFAULTS,
            new CallerSecrets(Map.of("token", value), Map.of()),
            BuildListener.SILENT);
    assertThat(files(result))
        .containsEntry("/plain", "file 644 0:0 400 0:0 12\n")
        .containsEntry("/set", "file 644 0:0 444 7:8\n")
        .containsEntry("/env", "file 644 0:0 seen\n")
        .doesNotContainKeys("/run", "/a");
    assertThat(files(result).get("/none")).startsWith("file 644 0:0 []\n");
    var other = new CallerSecrets(Map.of("token", new byte[] {1}), Map.of());
    assertThat(build(dockerfile, BuildOptions.DEFAULTS, other, BuildListener.SILENT).ranSteps())
        .isZero();
    assertThat(build(dockerfile).ranSteps()).as("without the secret").isZero();
    assertNowhere(value);
  }

  /** No file of the data root holds these bytes. */
  private static void assertNowhere(byte[] value) throws Exception {
    String wanted = new String(value, StandardCharsets.ISO_8859_1);
    try (var files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.size(file) < (1 << 20)) {
          String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          // the Dockerfile's own text is in the index: the test compares with the value there
          String own = text.replace("= " + wanted + " ]", "");
          assertThat(own.contains(wanted)).as(file.toString()).isFalse();
        }
      }
    }
  }

  @Test
  void aRequiredSecretMustBeThere() {
    assertThat(
            catchThrowableOfType(
                SlipwayException.class,
                () -> build("FROM busybox\nRUN --mount=type=secret,id=a,required true\n")))
        .hasMessage("secret a: not found");
    assertThat(
            catchThrowableOfType(
                SlipwayException.class,
                () -> build("FROM busybox\nRUN --mount=type=ssh,required true\n")))
        .hasMessage("no SSH key \"default\" forwarded from the client");
  }

  @Test
  void agentsAreForwarded() throws Exception {
    Path folder = Files.createTempDirectory(Path.of("/tmp"), "agent");
    Path socket = folder.resolve("s");
    try (var agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      agent.bind(UnixDomainSocketAddress.of(socket));
      var secrets = new CallerSecrets(Map.of(), Map.of("default", socket));
      assertThat(
              files(
                  """
                  FROM busybox
                  RUN --mount=type=ssh,mode=0666,uid=9 stat -c '%F %a %u' $SSH_AUTH_SOCK > /kind \
                      && echo $SSH_AUTH_SOCK >> /kind
                  """,
                  secrets))
          .containsEntry("/kind", "file 644 0:0 socket 666 9\n/run/buildkit/ssh_agent.0\n")
          .doesNotContainKey("/run");
    } finally {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(folder);
    }
  }

  @Test
  void cachesBeginWithWhatTheyAreToldAndAreSharedAsTheySay() throws Exception {
    assertThat(
            files(
                """
                FROM busybox AS seed
                RUN mkdir /seed && echo seeded > /seed/f
                FROM busybox
                RUN --mount=type=cache,target=/c,id=s,from=seed,source=/seed,uid=5 \\
                    cat /c/f > /first; stat -c %u /c >> /first; echo more >> /c/f
                RUN --mount=type=cache,target=/d,id=s,from=seed,source=/seed,uid=5,sharing=locked \\
                    cat /d/f > /second
                RUN --mount=type=cache,target=/c,id=s ls -A /c > /other
                """))
        .containsEntry("/first", "file 644 0:0 seeded\n5\n")
        .containsEntry("/second", "file 644 0:0 seeded\nmore\n")
        .containsEntry("/other", "file 644 0:0 ");
  }

  @Test
  void entitlements() throws Exception {
    String dockerfile =
        """
        FROM busybox
        RUN --security=insecure grep CapEff /proc/self/status > /caps; ls /dev | wc -l > /devices
        RUN --network=host ls /sys/class/net > /net
        RUN --network=none ip -o link | wc -l > /none
        """;
    assertThat(catchThrowableOfType(SlipwayException.class, () -> build(dockerfile)))
        .hasMessageContaining("security.insecure is not allowed");
    BuildOptions allowed =
        BuildOptions.DEFAULTS.with(options ->
            options.entitlements(Set.of(Entitlement.NETWORK_HOST, Entitlement.SECURITY_INSECURE)));
    Map<String, String> files =
        files(build(dockerfile, allowed, CallerSecrets.NONE, BuildListener.SILENT));
    // what of the host's capabilities the daemon has itself, and SYS_ADMIN is one of them
    String mask = files.get("/caps").replaceAll("(?s).*CapEff:\\s+([0-9a-f]+).*", "$1");
    assertThat(Long.parseUnsignedLong(mask, 16) >> 21 & 1).isEqualTo(1);
    assertThat(files.get("/none")).isEqualTo("file 644 0:0 1\n");
  }
}
