package io.slipway.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.cli.e2e.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two daemons that have nothing in common but a registry, ours or Debian's, build with each other's
 * results. Needs root.
 */
class CacheSharingIT {
  /** The daemons' own registry, that every build of theirs uses without being told. */
  private static RegistryProcess ours;

  private static RegistryProcess debians;
  private static SlipwayDaemon one;
  private static SlipwayDaemon two;
  @TempDir static Path temp;
  private static int tests;

  /** The kinds of registry. */
  enum Kind {
    OURS,
    DEBIANS;

    RegistryProcess registry() {
      return this == OURS ? ours : debians;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    ours = RegistryProcess.ours(temp.resolve("ours"));
    debians = RegistryProcess.debians(temp.resolve("debians"));
    String shared = ours.name() + "/shared";
    one = daemon("one", 11, "--build-cache-registry", shared);
    two = daemon("two", 12, "--build-cache-registry", shared);
  }

  private static SlipwayDaemon daemon(String name, int network, String... settings)
      throws IOException {
    var numbered = SlipwayDaemon.Network.numbered(network);
    SlipwayDaemon daemon = new SlipwayDaemon(temp.resolve(name), numbered, settings);
    daemon.importBase("busybox");
    return daemon;
  }

  @AfterAll
  static void stop() {
    try (RegistryProcess first = ours;
        RegistryProcess second = debians;
        SlipwayDaemon mine = one;
        SlipwayDaemon other = two) {
      assertThat(List.of(first.port(), second.port())).doesNotHaveDuplicates();
      assertThat(mine.process().isAlive() && other.process().isAlive()).isTrue();
    }
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(Leftovers.of(one)).isEmpty();
    assertThat(Leftovers.of(two)).isEmpty();
  }

  /** A context of its own for each test, so that none finds what another made. */
  private static Path context() throws IOException {
    Path context = Files.createTempDirectory(temp, "context");
    String own = "test " + tests++;
    Files.writeString(context.resolve("f"), own);
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM busybox AS tools
        RUN echo tool of %1$s > /tool
        FROM busybox
        COPY f /f
        COPY --from=tools /tool /tool
        RUN --mount=type=cache,id=%1$s,target=/c echo once >> /c/n && cat /c/n > /n
        """
            .formatted(own.replace(' ', '-')));
    return context;
  }

  private static Result build(SlipwayDaemon daemon, Path context, String... options) {
    String[] command = new String[options.length + 5];
    System.arraycopy(
        new String[] {SlipwayDaemon.LAUNCHER, "build", "--progress", "plain"}, 0, command, 0, 4);
    System.arraycopy(options, 0, command, 4, options.length);
    command[command.length - 1] = context.toString();
    Result result = daemon.shell(temp).run(command);
    assertThat(result.exitCode()).as(result.toString()).isZero();
    return result;
  }

  /** How many RUN and COPY were not carried out. */
  private static int cached(Result build) {
    Set<String> known = new HashSet<>();
    Set<String> steps = new HashSet<>();
    for (String line : build.err().lines().toList()) {
      String[] words = line.split(" ", 2);
      if (line.endsWith(" CACHED")) {
        known.add(words[0]);
      } else if (line.matches("#\\d+ \\[[^]]*] (RUN|COPY) .*")) {
        steps.add(words[0]);
      }
    }
    known.retainAll(steps);
    return known.size();
  }

  private static String run(SlipwayDaemon daemon, String image, String... words) {
    String[] command = new String[words.length + 4];
    System.arraycopy(new String[] {SlipwayDaemon.LAUNCHER, "run", "--rm", image}, 0, command, 0, 4);
    System.arraycopy(words, 0, command, 4, words.length);
    return daemon.shell(temp).run(command).text();
  }

  @ParameterizedTest
  @EnumSource
  void aMaximalCacheHasEverythingAndCacheMounts(Kind kind) throws IOException {
    Path context = context();
    String place = "type=registry,ref=" + kind.registry().name() + "/cache/max:1";
    build(one, context, "--cache-to", place + ",mode=max,mounts=true", "-t", "max");
    Result other = build(two, context, "--cache-from", place, "-t", "max");
    assertThat(cached(other)).as(other.err()).isEqualTo(4);
    assertThat(run(two, "max", "cat", "/n")).isEqualTo("once\n");

    String text = Files.readString(context.resolve("Dockerfile"));
    Files.writeString(context.resolve("Dockerfile"), text.replace("cat /c/n", "cat  /c/n"));
    Result changed = build(two, context, "--cache-from", place, "-t", "max");
    assertThat(cached(changed)).as(changed.err()).isEqualTo(3);
    assertThat(run(two, "max", "cat", "/n")).as("what the mount had").isEqualTo("once\nonce\n");
  }

  @ParameterizedTest
  @EnumSource
  void aMinimalCacheHasWhatMadeTheImage(Kind kind) throws IOException {
    Path context = context();
    String place = "type=registry,ref=" + kind.registry().name() + "/cache/min:1";
    build(one, context, "--cache-to", place);
    assertThat(cached(build(two, context, "--cache-from", place))).isEqualTo(4);
    Result tools = build(two, context, "--cache-from", place, "--target", "tools");
    assertThat(cached(tools)).as("a stage that is not in the image").isZero();
  }

  @ParameterizedTest
  @EnumSource
  void anImageCarriesItsOwnCache(Kind kind) throws IOException {
    Path context = context();
    String image = kind.registry().name() + "/app/inline:1";
    build(one, context, "--cache-to", "type=inline", "-t", image, "--push");
    Result other = build(two, context, "--cache-from", image);
    assertThat(cached(other)).as(other.err()).isEqualTo(4);
  }

  @Test
  void aFolderCarriesACache() throws IOException {
    Path context = context();
    String folder = temp.resolve("folder").toString();
    build(one, context, "--cache-to", "type=local,mode=max,dest=" + folder);
    assertThat(cached(build(two, context, "--cache-from", "type=local,src=" + folder)))
        .isEqualTo(4);
  }

  @Test
  void withARegistryForAllBuildsNothingNeedsToBeSaid() throws IOException {
    Path context = context();
    assertThat(cached(build(one, context, "-t", "app"))).isZero();
    Result other = build(two, context, "-t", "app");
    assertThat(cached(other)).as(other.err()).isEqualTo(4);
    assertThat(run(two, "app", "cat", "/n")).isEqualTo("once\n");

    Result docker = two.shell(temp).run("docker", "build", "-t", "app", context.toString());
    assertThat(docker.text()).contains("Successfully tagged app:latest");
    assertThat(cached(build(one, context()))).as("something else").isZero();
  }

  @Test
  void aRegistryForAllBuildsThatIsDownCostsNoBuild() throws IOException {
    String down = "localhost:" + RegistryProcess.freePort() + "/shared";
    try (SlipwayDaemon three = daemon("three", 13, "--build-cache-registry", down)) {
      Result alone = build(three, context(), "-t", "alone");
      assertThat(alone.err()).contains("cannot use cache").contains(down.split("/")[0]);
      assertThat(run(three, "alone", "cat", "/n")).isEqualTo("once\n");
    }
  }

  @Test
  void cachesThatAreMissingForeignOrBrokenAreTold() throws IOException {
    Path context = context();
    Path hostile = Files.createDirectory(temp.resolve("hostile"));
    Files.writeString(hostile.resolve("index.json"), "{\"manifests\": 7");
    String place = debians.name() + "/cache/broken:1";
    build(one, context(), "--cache-to", "type=registry,mode=max,ref=" + place);
    damage(temp.resolve("debians/data"));
    one.shell(temp).run(SlipwayDaemon.LAUNCHER, "tag", "busybox", ours.name() + "/plain:1").text();
    one.shell(temp).run(SlipwayDaemon.LAUNCHER, "push", ours.name() + "/plain:1").text();

    Result build =
        build(
            two,
            context,
            "--cache-from",
            ours.name() + "/nothing/there:1",
            "--cache-from",
            ours.name() + "/plain:1",
            "--cache-from",
            "localhost:" + RegistryProcess.freePort() + "/down:1",
            "--cache-from",
            "type=registry,ref=" + place,
            "--cache-from",
            "type=local,src=" + hostile);
    assertThat(build.err())
        .contains("cache " + ours.name() + "/nothing/there:1 is not there (yet)")
        .contains(ours.name() + "/plain:1 holds no build cache")
        .containsPattern("cannot use cache localhost:\\d+/down:1: ")
        .contains("cannot use cache " + place + ": ")
        .contains("cannot use cache " + hostile + ": ")
        .doesNotContain("Exception")
        .doesNotContain("REDACTED");
  }

  /** Every description of a cache in this registry gets a wrong byte. */
  private static void damage(Path registry) throws IOException {
    try (Stream<Path> files = Files.walk(registry)) {
      for (Path blob :
          files.filter(file -> file.endsWith("data") && Files.isRegularFile(file)).toList()) {
        byte[] bytes = Files.readAllBytes(blob);
        if (new String(bytes).contains("\"diffId\"")) {
          bytes[bytes.length / 2] ^= 1;
          Files.write(blob, bytes);
        }
      }
    }
  }
}
