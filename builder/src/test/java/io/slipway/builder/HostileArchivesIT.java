package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.slipway.builder.context.ArchiveLimits;
import io.slipway.builder.context.ContextSource;
import io.slipway.builder.context.DockerfileSource;
import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.progress.BuildListener;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import io.slipway.runtime.layer.Dir;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Contexts and archives that lead out of where they belong, lie or do not end: nothing outside is
 * read or written, and each build ends, with a sentence. {@code -Dhostile.entries=1000000} makes
 * the largest archive that large. Needs root.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileArchivesIT {
  private static final int ENTRIES = Integer.getInteger("hostile.entries", 5_000);

  /** Such a path is hardly short of what the kernel takes. */
  private static final int DEPTH = 1_500;

  private static final TarTime TIME = new TarTime(1_000_000_000, 0);

  @TempDir static Path data;
  @TempDir Path context;
  @TempDir static Path outside;
  private static BuildMachine machine;

  @BeforeAll
  static void open() throws Exception {
    machine = new BuildMachine(data);
    Files.writeString(outside.resolve("secret"), "of the host");
  }

  @AfterAll
  static void close() throws Exception {
    machine.close();
    // JUnit's own removal takes minutes for the deep trees
    try (Dir all = Dir.open(data)) {
      for (String name : all.names()) {
        all.remove(name);
      }
    }
  }

  @AfterEach
  void nothingOutsideIsTouchedAndNothingIsLeft() throws IOException {
    assertThat(outside.resolve("secret")).hasContent("of the host");
    try (var files = Files.list(outside)) {
      assertThat(files).hasSize(1);
    }
    assertThat(machine.unfinished()).isEmpty();
  }

  /** An archive with an intent, and what comes of it: a sentence, or where its file ends up. */
  enum Archive {
    UPWARD("outside its root") {
      @Override
      void fill(TarWriter tar) throws IOException {
        file(tar, "../../../../../../.." + outside + "/up");
      }
    },
    ABSOLUTE("") {
      @Override
      void fill(TarWriter tar) throws IOException {
        file(tar, outside + "/abs");
      }

      @Override
      String lands() {
        return outside + "/abs";
      }
    },
    THROUGH_A_LINK("") {
      @Override
      void fill(TarWriter tar) throws IOException {
        tar.put(TarEntry.symlink("way", outside.toString(), TIME));
        file(tar, "way/through");
      }

      @Override
      String lands() {
        return outside + "/through";
      }
    },
    OVER_A_LINK("") {
      @Override
      void fill(TarWriter tar) throws IOException {
        tar.put(TarEntry.symlink("secret", outside + "/secret", TIME));
        file(tar, "secret");
      }

      @Override
      String lands() {
        return "/secret";
      }
    },
    HARD_LINK_OUT("which is no file") {
      @Override
      void fill(TarWriter tar) throws IOException {
        tar.put(TarEntry.hardLink("mine", outside + "/secret", TIME));
      }
    },
    HARD_LINK_THROUGH_A_LINK("which is no file") {
      @Override
      void fill(TarWriter tar) throws IOException {
        tar.put(TarEntry.symlink("way", outside.toString(), TIME));
        tar.put(TarEntry.hardLink("mine", "way/secret", TIME));
      }
    },
    LOOP("too many") {
      @Override
      void fill(TarWriter tar) throws IOException {
        tar.put(TarEntry.symlink("a", "b", TIME));
        tar.put(TarEntry.symlink("b", "a", TIME));
        file(tar, "a/f");
      }
    },
    BELOW_A_FILE("not a directory") {
      @Override
      void fill(TarWriter tar) throws IOException {
        file(tar, "f");
        file(tar, "f/g");
      }
    };

    private final String sentence;

    Archive(String sentence) {
      this.sentence = sentence;
    }

    abstract void fill(TarWriter tar) throws IOException;

    /** Where in the image its file is. */
    String lands() {
      return "";
    }

    private static void file(TarWriter tar, String name) throws IOException {
      tar.put(TarEntry.file(name, 0644, 2, TIME));
      tar.write(new byte[] {'x', '\n'}, 0, 2);
    }
  }

  private void archive(String name, Archive archive) throws IOException {
    try (OutputStream out = Files.newOutputStream(context.resolve(name))) {
      var tar = new TarWriter(out);
      archive.fill(tar);
      tar.finish();
    }
  }

  private Map<String, String> files(String dockerfile) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    BuildResult result =
        machine.build(context, BuildOptions.DEFAULTS, BuildListener.SILENT, "test");
    return machine.files(result.imageId().orElseThrow());
  }

  private SlipwayException failure(String dockerfile) {
    return catchThrowableOfType(SlipwayException.class, () -> files(dockerfile));
  }

  @ParameterizedTest
  @EnumSource
  void addedArchivesStayInTheImage(Archive archive) throws Exception {
    archive("a.tar", archive);
    String dockerfile = "FROM scratch\nADD a.tar /\n";
    if (archive.sentence.isEmpty()) {
      assertThat(files(dockerfile)).containsEntry(archive.lands(), "file 644 0:0 x\n");
    } else {
      SlipwayException failure = failure(dockerfile);
      assertThat(failure).hasMessageContaining(archive.sentence).hasMessageContaining("a.tar");
      assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID);
    }
  }

  @Test
  void damagedArchivesAreTold() throws Exception {
    archive("a.tar", Archive.ABSOLUTE);
    byte[] whole = Files.readAllBytes(context.resolve("a.tar"));
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(context.resolve("cut.tar.gz")))) {
      out.write(whole);
    }
    byte[] packed = Files.readAllBytes(context.resolve("cut.tar.gz"));
    byte[] wrong = packed.clone();
    wrong[packed.length - 6] ^= 1;
    Files.write(context.resolve("wrong.tar.gz"), wrong);
    Files.write(context.resolve("cut.tar.gz"), java.util.Arrays.copyOf(packed, packed.length - 9));
    Files.write(context.resolve("short.tar"), java.util.Arrays.copyOf(whole, 700));
    for (String name : List.of("cut.tar.gz", "wrong.tar.gz", "short.tar")) {
      assertThat(failure("FROM scratch\nADD " + name + " /x\n"))
          .as(name)
          .hasMessageContaining(name)
          .extracting(SlipwayException::kind)
          .isEqualTo(ErrorKind.INVALID);
    }
  }

  @Test
  void copiesFollowLinksInsideOnly() throws Exception {
    Files.createSymbolicLink(context.resolve("secret"), outside.resolve("secret"));
    Files.createSymbolicLink(context.resolve("way"), outside);
    for (String source : List.of("secret", "way/secret", "way", "../.." + outside + "/secret")) {
      assertThat(failure("FROM scratch\nCOPY " + source + " /x\n"))
          .as(source)
          .hasMessageContaining("not found");
      assertThat(failure("FROM busybox\nRUN --mount=target=/m,source=" + source + " cat /m\n"))
          .as(source)
          .hasMessageContaining("not found");
    }
    Files.writeString(context.resolve("f"), "f");
    assertThat(
            files(
                "FROM busybox\nRUN ln -s "
                    + outside
                    + " /out && ln -s ../../../../.."
                    + outside
                    + "/g /up\nCOPY f /out/\nCOPY f /up\nADD f /out/a/b\nWORKDIR /out/w\n"))
        .containsEntry(outside + "/f", "file 644 0:0 f")
        .containsEntry(outside + "/g", "file 644 0:0 f")
        .containsEntry(outside + "/a/b", "file 644 0:0 f")
        .containsEntry(outside + "/w", "dir 755 0:0");
  }

  @Test
  void aDirectoryOutputDoesNotFollowLinksOutOfIt() throws Exception {
    Path output = Files.createDirectory(context.resolve("output"));
    Files.createSymbolicLink(output.resolve("d"), outside);
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM busybox AS a\nRUN mkdir /o /o/d && echo x > /o/d/secret\n"
            + "FROM scratch\nCOPY --from=a /o /\n");
    var request =
        new BuildRequest(
            new ContextSource.Directory(context),
            new DockerfileSource.InContext("Dockerfile"),
            BuildOptions.DEFAULTS,
            List.of(new BuildOutput.Directory(output)));
    try (Build build = machine.builder.with(machine.images()).open(request)) {
      build.run(BuildListener.SILENT);
    }
    assertThat(output.resolve("d/secret")).hasContent("x");
  }

  @Test
  void hugeNumbersOfEntriesAreUnpacked() throws Exception {
    try (OutputStream out =
        new BufferedOutputStream(
            new GZIPOutputStream(Files.newOutputStream(context.resolve("many.tar.gz"))))) {
      var tar = new TarWriter(out);
      for (int i = 0; i < ENTRIES; i++) {
        tar.put(TarEntry.file("d" + i % 100 + "/f" + i, 0644, 0, TIME));
      }
      tar.finish();
    }
    long begin = System.nanoTime();
    String dockerfile =
        "FROM busybox\nADD many.tar.gz /many\nRUN find /many -type f | wc -l > /n\n";
    assertThat(files(dockerfile).get("/n")).isEqualTo("file 644 0:0 " + ENTRIES + "\n");
    System.out.printf("%d entries: %d ms%n", ENTRIES, (System.nanoTime() - begin) / 1_000_000);
  }

  /** Three archives of a few KiB that unpack to more than is allowed; one that does not. */
  @Test
  void archivesThatUnpackToTooMuchAreRefused() throws Exception {
    long limit = 8 << 20;
    for (int megabytes : List.of(4, 9)) {
      try (OutputStream out =
          new GZIPOutputStream(
              Files.newOutputStream(context.resolve("zeros" + megabytes + ".tar.gz")))) {
        var tar = new TarWriter(out);
        byte[] zeros = new byte[1 << 20];
        tar.put(TarEntry.file("zeros", 0644, (long) megabytes << 20, TIME));
        for (int i = 0; i < megabytes; i++) {
          tar.write(zeros, 0, zeros.length);
        }
        tar.finish();
      }
    }
    assertThat(Files.size(context.resolve("zeros9.tar.gz"))).isLessThan(16 << 10);
    var settings =
        new BuilderSettings(
            OptionalLong.empty(), Optional.empty(), 0, new ArchiveLimits(1000, limit));
    Path own = Files.createTempDirectory(data, "limited");
    try (var small = new BuildMachine(own, settings)) {
      Files.writeString(
          context.resolve("Dockerfile"), "FROM busybox\nARG N\nADD zeros${N}.tar.gz /x\n");
      small.build(context, given("4"), BuildListener.SILENT);
      SlipwayException failure =
          catchThrowableOfType(
              SlipwayException.class, () -> small.build(context, given("9"), BuildListener.SILENT));
      assertThat(failure)
          .hasMessageContaining(
              "unpacking zeros9.tar.gz: archive holds more than 8388608 bytes of files (the"
                  + " daemon's --build-archive-limit)");
      assertThat(failure.kind()).isEqualTo(ErrorKind.INVALID);
      SlipwayException sent =
          catchThrowableOfType(
              SlipwayException.class,
              () ->
                  small.build(
                      new ContextSource.Tar(Files.newInputStream(context.resolve("zeros9.tar.gz"))),
                      BuildOptions.DEFAULTS,
                      CallerSecrets.NONE,
                      BuildListener.SILENT));
      assertThat(sent).hasMessageContaining("unpacking the build context: archive holds more");
      assertThat(small.unfinished()).isEmpty();
      assertThat(own.resolve("build/contexts/unpacked")).isEmptyDirectory();
    }
  }

  private static BuildOptions given(String number) {
    return BuildOptions.DEFAULTS.withBuildArgs(Map.of("N", number));
  }

  @Test
  void deepTreesAndLongNamesAreNoTrouble() throws Exception {
    List<String> names = new ArrayList<>();
    String deep = "d/".repeat(DEPTH) + "f";
    try (OutputStream out = Files.newOutputStream(context.resolve("deep.tar"))) {
      var tar = new TarWriter(out);
      for (String name : List.of(deep, "n".repeat(255), "x/".repeat(40) + "y".repeat(200))) {
        tar.put(TarEntry.file(name, 0644, 0, TIME));
        names.add("/" + name);
      }
      tar.finish();
    }
    assertThat(files("FROM scratch\nADD deep.tar /\n")).containsKeys(names.toArray(String[]::new));
    assertThat(files("FROM scratch AS a\nADD deep.tar /a/\nFROM scratch\nCOPY --from=a /a /\n"))
        .containsKeys(names.toArray(String[]::new));
    try (OutputStream out = Files.newOutputStream(context.resolve("long.tar"))) {
      var tar = new TarWriter(out);
      tar.put(TarEntry.file("n".repeat(256), 0644, 0, TIME));
      tar.finish();
    }
    assertThat(failure("FROM scratch\nADD long.tar /\n")).hasMessageContaining("long.tar");
  }
}
