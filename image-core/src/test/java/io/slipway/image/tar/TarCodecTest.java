package io.slipway.image.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarCodecTest {
  private static final TarTime TIME = new TarTime(1_700_000_000, 0);
  private static final byte[] BODY = "hello".getBytes(StandardCharsets.UTF_8);

  private record Member(TarEntry entry, byte[] body) {}

  private static byte[] write(List<Member> members) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter writer = new TarWriter(out);
    for (Member member : members) {
      writer.put(member.entry());
      writer.write(member.body(), 0, member.body().length);
    }
    writer.finish();
    assertThat(writer.written()).isEqualTo(out.size());
    return out.toByteArray();
  }

  private static List<Member> read(byte[] archive) throws IOException {
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    List<Member> members = new ArrayList<>();
    for (var next = reader.next(); next.isPresent(); next = reader.next()) {
      members.add(new Member(next.get(), reader.body().readAllBytes()));
    }
    return members;
  }

  private static Member file(String name) {
    return new Member(TarEntry.file(name, 0644, BODY.length, TIME), BODY);
  }

  private static Member empty(TarEntry entry) {
    return new Member(entry, new byte[0]);
  }

  private static void assertRoundTrip(List<Member> members) throws IOException {
    List<Member> back = read(write(members));
    assertThat(back).hasSameSizeAs(members);
    for (int i = 0; i < back.size(); i++) {
      assertThat(back.get(i).entry()).usingRecursiveComparison().isEqualTo(members.get(i).entry());
      assertThat(back.get(i).body()).isEqualTo(members.get(i).body());
    }
  }

  @Test
  void everyKindOfEntrySurvives() throws IOException {
    byte[] capability = {1, 0, 0, 2, 0, (byte) 0x80, (byte) 0xFF, 0, 10, 61, 0};
    assertRoundTrip(
        List.of(
            empty(TarEntry.directory("d", 01777, TIME)),
            file("d/file"),
            empty(TarEntry.symlink("d/link", "../else where", TIME)),
            empty(TarEntry.hardLink("hard", "d/file", TIME)),
            empty(
                new TarEntry("null", TarType.CHAR_DEVICE, 0666, 0, 5, 0, TIME, "", 1, 3, Map.of())),
            empty(
                new TarEntry(
                    "sda", TarType.BLOCK_DEVICE, 0660, 0, 6, 0, TIME, "", 259, 1048575, Map.of())),
            empty(new TarEntry("pipe", TarType.FIFO, 0600, 1, 1, 0, TIME, "", 0, 0, Map.of())),
            new Member(
                new TarEntry(
                    "ping",
                    TarType.FILE,
                    04755,
                    4_294_967_294L,
                    10_000_000,
                    5,
                    new TarTime(-5, 250_000_000),
                    "",
                    0,
                    0,
                    Map.of("security.capability", capability, "user.empty", new byte[0])),
                BODY)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "with space\nand newline",
        "ünïcödé/名前",
        "caf\udce9-latin1",
        "..",
        "./a/../b",
        "/absolute",
        ".wh.gone"
      })
  void namesSurvive(String name) throws IOException {
    assertRoundTrip(List.of(file(name), empty(TarEntry.symlink("l", name, TIME)), file("end")));
  }

  @Test
  void namesOfEveryLengthSurvive() throws IOException {
    List<Member> members = new ArrayList<>();
    for (int length = 1; length < 600; length += 7) {
      members.add(file("x".repeat(length)));
      members.add(file("dir/".repeat(length / 4) + "x"));
      members.add(empty(TarEntry.symlink("l" + length, "y".repeat(length), TIME)));
    }
    assertRoundTrip(members);
  }

  @Test
  void everyTimeSurvives() throws IOException {
    for (long seconds : new long[] {0, 1, -1, -1_000, 8_589_934_591L, 8_589_934_592L}) {
      for (int nanos : new int[] {0, 1, 500_000_000, 999_999_999}) {
        assertRoundTrip(List.of(empty(TarEntry.file("f", 0, 0, new TarTime(seconds, nanos)))));
      }
    }
  }

  @Test
  void anEmptyArchiveIsTwoZeroBlocks() throws IOException {
    assertThat(write(List.of())).isEqualTo(new byte[1024]);
    assertThat(read(new byte[1024])).isEmpty();
    assertThat(read(new byte[0])).isEmpty();
  }

  @Test
  void equalEntriesGiveEqualBytes() throws IOException {
    Map<String, byte[]> one = Map.of("user.a", new byte[] {1}, "user.b", new byte[] {2});
    List<byte[]> archives = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      archives.add(
          write(
              List.of(
                  empty(
                      new TarEntry(
                          "f", TarType.FILE, 0, 0, 0, 0, TIME, "", 0, 0, Map.copyOf(one))))));
    }
    assertThat(archives.get(0)).isEqualTo(archives.get(1));
  }

  @Test
  void bodiesOfTheWrongSizeAreRefused() throws IOException {
    TarWriter writer = new TarWriter(new ByteArrayOutputStream());
    writer.put(TarEntry.file("f", 0644, 3, TIME));
    assertThatThrownBy(() -> writer.write(new byte[4], 0, 4)).isInstanceOf(IOException.class);
    writer.write(new byte[2], 0, 2);
    assertThatThrownBy(writer::finish).hasMessageContaining("1 bytes short");
    assertThatThrownBy(() -> writer.put(TarEntry.file("g", 0, 0, TIME)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void unreadBodiesAreSkipped() throws IOException {
    byte[] archive = write(List.of(file("a"), file("b")));
    TarReader reader = new TarReader(new ByteArrayInputStream(archive));
    assertThat(reader.next().map(TarEntry::name)).contains("a");
    assertThat(reader.read(new byte[2], 0, 2)).isEqualTo(2);
    assertThat(reader.next().map(TarEntry::name)).contains("b");
    assertThat(reader.next()).isEmpty();
    assertThat(reader.next()).isEmpty();
  }

  @Test
  void everyTruncationIsToldOrHarmless() throws IOException {
    byte[] archive =
        write(List.of(file("a"), new Member(TarEntry.file("n".repeat(300), 0, 5, TIME), BODY)));
    for (int length = 1; length < archive.length; length++) {
      byte[] cut = Arrays.copyOf(archive, length);
      boolean atBoundary =
          length == 1024 || length >= archive.length - 512 || length == archive.length - 1024;
      if (atBoundary) {
        assertThat(read(cut)).hasSizeBetween(1, 2);
      } else {
        assertThatThrownBy(() -> read(cut))
            .as("cut at " + length)
            .isInstanceOfSatisfying(
                SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID));
      }
    }
  }

  @Test
  void damagedHeadersNeverEscapeTheTypedError() throws IOException {
    byte[] archive = write(List.of(file("a"), file("ü".repeat(200)), file("c")));
    for (int i = 0; i < archive.length; i++) {
      byte[] damaged = archive.clone();
      damaged[i] ^= (byte) 0x55;
      try {
        read(damaged);
      } catch (SlipwayException e) {
        assertThat(e.kind()).isIn(ErrorKind.INVALID, ErrorKind.UNSUPPORTED);
      }
    }
  }

  @Test
  void somethingElseIsNotAnArchive() {
    assertThatThrownBy(() -> read("PK".repeat(1000).getBytes(StandardCharsets.UTF_8)))
        .hasMessage("malformed tar: not a tar archive");
  }

  @Test
  void hugeExtendedHeadersAreRefusedBeforeTheyAreRead() throws IOException {
    byte[] header = new byte[512];
    byte[] real = write(List.of(file("n".repeat(300))));
    System.arraycopy(real, 0, header, 0, 512);
    byte[] size = "77777777777".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, header, 124, 11);
    seal(header);
    assertThatThrownBy(() -> read(header))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("extended header of 8589934591 bytes");
  }

  @Test
  void sparseFilesAreNamedAsUnsupported() throws IOException {
    byte[] archive = write(List.of(file("s")));
    archive[156] = 'S';
    seal(archive);
    assertThatThrownBy(() -> read(archive))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNSUPPORTED))
        .hasMessage("tar holds a sparse file (\"s\"), which is not supported");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gnu", "oldgnu", "pax", "ustar", "v7"})
  void gnuTarsFormatsAreRead(String format, @TempDir Path dir) throws Exception {
    Path tree = Files.createDirectories(dir.resolve("tree"));
    boolean limited = format.equals("v7") || format.equals("ustar");
    int length = limited ? 30 : 90;
    String deep = "d".repeat(length) + "/" + "e".repeat(length);
    Files.createDirectories(tree.resolve(deep));
    Files.write(tree.resolve(deep).resolve("file"), BODY);
    Files.createSymbolicLink(tree.resolve("link"), Path.of(deep, "file"));
    Files.createLink(tree.resolve("other"), tree.resolve(deep).resolve("file"));

    byte[] archive = run(tree, "tar", "--format=" + format, "--sort=name", "-c", ".");

    List<Member> members = read(archive);
    assertThat(members).extracting(m -> m.entry().type()).contains(TarType.DIRECTORY);
    assertThat(members)
        .filteredOn(m -> m.entry().name().endsWith("/file"))
        .singleElement()
        .satisfies(m -> assertThat(m.entry().name()).isEqualTo("./" + deep + "/file"))
        .satisfies(m -> assertThat(m.body()).isEqualTo(BODY));
    assertThat(members)
        .filteredOn(m -> m.entry().type() == TarType.HARD_LINK)
        .extracting(m -> m.entry().linkName())
        .containsExactly("./" + deep + "/file");
    assertThat(members)
        .filteredOn(m -> m.entry().name().equals("./link"))
        .extracting(m -> m.entry().linkName())
        .containsExactly(deep + "/file");
  }

  @Test
  void gnuTarReadsWhatIsWritten(@TempDir Path dir) throws Exception {
    String longName = "dir/" + "n".repeat(200);
    Path archive = dir.resolve("a.tar");
    Files.write(archive, write(List.of(file("plain"), file(longName), file("caf\u00e9"))));

    String listing =
        new String(
            run(dir, "tar", "--quoting-style=literal", "-tf", "a.tar"), StandardCharsets.UTF_8);

    assertThat(listing.lines()).containsExactly("plain", longName, "caf\u00e9");
  }

  @Test
  void anArchiveLargerThanTheBufferIsRead() throws IOException {
    byte[] big = new byte[3_000_001];
    Arrays.fill(big, (byte) 7);
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      members.add(file("small" + i));
    }
    members.add(new Member(TarEntry.file("big", 0644, big.length, TIME), big));
    members.add(file("last"));
    assertRoundTrip(members);
  }

  @Test
  void drainReadsToTheEndOfTheStream() throws IOException {
    byte[] archive = Arrays.copyOf(write(List.of(file("a"))), 1 << 20);
    var in = new ByteArrayInputStream(archive);
    TarReader reader = new TarReader(in);
    reader.next();
    reader.drain();
    assertThat(in.available()).isZero();
    assertThat(reader.next()).isEqualTo(Optional.empty());
  }

  private static byte[] run(Path directory, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return output;
  }

  private static void seal(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += block[i] & 0xFF;
    }
    byte[] digits = "%06o".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, block, 148, 6);
    block[154] = 0;
  }
}
