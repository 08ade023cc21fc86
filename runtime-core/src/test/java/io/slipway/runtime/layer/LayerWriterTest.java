package io.slipway.runtime.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import io.slipway.runtime.spec.IdMappings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerWriterTest {
  @TempDir private Path temp;
  private Path upper;
  private Path lower;

  @BeforeEach
  void directories() throws IOException {
    upper = Files.createDirectory(temp.resolve("upper"));
    lower = Files.createDirectory(temp.resolve("lower"));
  }

  private byte[] write(WriterOptions options, Optional<Path> below) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new LayerWriter(options).write(upper, below, out);
    return out.toByteArray();
  }

  private byte[] tree() throws IOException {
    return write(WriterOptions.PLAIN, Optional.empty());
  }

  private byte[] difference() throws IOException {
    return write(WriterOptions.PLAIN, Optional.of(lower));
  }

  private static void fill(Path root, Tars tar) throws IOException {
    new LayerApplier(ApplyOptions.ARCHIVE).apply(tar.stream(), root, Optional.empty());
  }

  @Test
  void anEmptyTreeIsTheEmptyLayer() throws IOException {
    assertThat(tree()).isEqualTo(new byte[1024]);
  }

  @Test
  void aTreeComesBackSortedAndWhole() throws IOException {
    byte[] sorted =
        Tars.tar()
            .dir("a", 01777)
            .file("a/x", 04755, "content")
            .dir("a-b")
            .file("a-b/y", "")
            .hardLink("a.hard", "a/x")
            .fifo("pipe")
            .file("z", 0600, "z".repeat(100_000))
            .symlink("zz", "../anywhere")
            .bytes();
    fill(
        upper,
        Tars.tar()
            .symlink("zz", "../anywhere")
            .file("z", 0600, "z".repeat(100_000))
            .fifo("pipe")
            .dir("a-b")
            .file("a-b/y", "")
            .dir("a", 01777)
            .file("a/x", 04755, "content")
            .hardLink("a.hard", "a/x"));

    // a hard link's entry repeats the file's mode, which the short form above does not say
    assertThat(Tars.list(tree()))
        .containsExactlyElementsOf(
            Tars.list(sorted).stream()
                .map(line -> line.replace("HARD_LINK 644", "HARD_LINK 4755"))
                .toList());
    assertThat(tree()).isEqualTo(tree());
  }

  @Test
  void timesAreWholeSecondsAndNotAfterTheEpochAskedFor() throws IOException {
    Files.writeString(upper.resolve("new"), "");
    Files.writeString(upper.resolve("old"), "");
    Files.setLastModifiedTime(upper.resolve("new"), FileTime.from(Instant.ofEpochSecond(500, 7)));
    Files.setLastModifiedTime(upper.resolve("old"), FileTime.from(Instant.ofEpochSecond(100, 7)));

    assertThat(Tars.list(tree())).containsExactly("FILE 644 500 0 new", "FILE 644 100 0 old");
    WriterOptions clamped = new WriterOptions(Optional.of(new TarTime(300, 0)), Set.of());
    assertThat(Tars.list(write(clamped, Optional.empty())))
        .containsExactly("FILE 644 300 0 new", "FILE 644 100 0 old");
  }

  @Test
  void socketsAndExcludedPathsAreLeftOut() throws IOException {
    fill(upper, Tars.tar().dir("etc").file("etc/hosts", "x").file("etc/keep", "").dir("proc"));
    Path socket = upper.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Path here = Path.of("").toAbsolutePath().relativize(socket);
      server.bind(UnixDomainSocketAddress.of(shorter(here, socket)));
    }
    WriterOptions options = new WriterOptions(Optional.empty(), Set.of("etc/hosts", "proc"));

    assertThat(Tars.names(write(options, Optional.empty()))).containsExactly("etc", "etc/keep");
  }

  @Test
  void ofADirectoryWithASlashOnlyTheContentIsLeftOut() throws IOException {
    fill(upper, Tars.tar().dir("proc").file("proc/1", "x").dir("keep").file("keep/file", "x"));
    WriterOptions options = new WriterOptions(Optional.empty(), Set.of("proc/"));

    assertThat(Tars.names(write(options, Optional.empty())))
        .containsExactly("keep", "keep/file", "proc");
  }

  @Test
  void ownersAreWrittenAsTheUsersThatTheyStandFor() throws IOException {
    fill(upper, Tars.tar().file("file", "x"));
    FileStatus status = TreeCalls.status(OpenFlags.AT_FDCWD, upper.resolve("file").toString(), 0);
    List<IdMappings.Range> all = List.of(new IdMappings.Range(0, 1_000_000, 10));
    List<IdMappings.Range> own =
        List.of(new IdMappings.Range(0, 1_000_000, 10), new IdMappings.Range(77, status.uid(), 1));
    WriterOptions options =
        new WriterOptions(Optional.empty(), Set.of(), Optional.of(new IdMappings(own, all)));

    byte[] archive = write(options, Optional.empty());
    TarEntry entry = new TarReader(new ByteArrayInputStream(archive)).next().orElseThrow();
    assertThat(entry.uid()).isEqualTo(77);
    assertThat(entry.gid()).isEqualTo(IdMappings.NOBODY);
  }

  @Test
  void unchangedFilesAreNotRecorded() throws IOException {
    fill(lower, Tars.tar().dir("d").file("d/same", "x").symlink("d/link", "same"));
    fill(upper, Tars.tar().dir("d").file("d/same", "x").symlink("d/link", "same"));

    assertThat(Tars.names(difference())).isEmpty();
  }

  @Test
  void whatDiffersIsRecordedWithItsParents() throws IOException {
    Tars base =
        Tars.tar()
            .dir("d")
            .file("d/content", "aaa")
            .file("d/mode", "")
            .file("d/type", "")
            .dir("d/dirmode")
            .dir("d/quiet")
            .symlink("d/target", "aaa");
    fill(lower, base);
    fill(
        upper,
        Tars.tar()
            .dir("d")
            .file("d/content", "bbb")
            .file("d/mode", 0600, "")
            .symlink("d/type", "x")
            .dir("d/dirmode", 0700)
            .dir("d/quiet")
            .symlink("d/target", "bbb")
            .file("d/added", ""));
    Files.setLastModifiedTime(upper.resolve("d/quiet"), FileTime.fromMillis(5));

    assertThat(Tars.names(difference()))
        .containsExactly("d", "d/added", "d/content", "d/dirmode", "d/mode", "d/target", "d/type");
  }

  @Test
  void equalContentIsComparedOnlyWhenTimesAreWholeSeconds() throws IOException {
    for (Path root : new Path[] {lower, upper}) {
      Files.writeString(root.resolve("whole"), root == lower ? "aaa" : "bbb");
      Files.writeString(root.resolve("exact"), root == lower ? "aaa" : "bbb");
      Files.setLastModifiedTime(
          root.resolve("whole"), FileTime.from(Instant.ofEpochSecond(100, 0)));
      Files.setLastModifiedTime(
          root.resolve("exact"), FileTime.from(Instant.ofEpochSecond(100, 5)));
    }

    assertThat(Tars.names(difference())).containsExactly("whole");
  }

  @Test
  void anAddedNameRecordsBothNames() throws IOException {
    fill(lower, Tars.tar().file("a", "x"));
    fill(upper, Tars.tar().file("a", "x").hardLink("b", "a"));

    assertThat(Tars.list(difference()))
        .containsExactly("FILE 644 1600000000 1 a", "HARD_LINK 644 1600000000 0 b -> a");
  }

  @Test
  void pathsNobodyCouldUnpackAreRefused() throws Exception {
    String deepen =
        "chdir $ARGV[0] or die; for (1..600) { mkdir 'dddddddd' or die; chdir 'dddddddd' or die; }";
    Process perl = new ProcessBuilder("perl", "-e", deepen, upper.toString()).inheritIO().start();
    assertThat(perl.waitFor()).isZero();

    assertThatThrownBy(() ->
            new LayerWriter(WriterOptions.PLAIN)
                .write(upper, Optional.empty(), OutputStream.nullOutputStream()))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("too long for a layer");
    try (Dir dir = Dir.open(upper)) {
      dir.remove("dddddddd");
    }
  }

  /** A socket's address has room for 107 bytes only. */
  private static Path shorter(Path one, Path other) {
    return one.toString().length() < other.toString().length() ? one : other;
  }
}
