package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import io.slipway.builder.graph.ContentRead;
import io.slipway.builder.remote.Remotes;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarType;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Contexts that come as a tar stream; root, because files are given to root. */
class SentContextIT {
  private static final ContentRead ALL = new ContentRead(1, "/", true, List.of());
  private static final TarTime TIME = new TarTime(1_700_000_000L, 0);

  @TempDir Path temp;
  private BuildContexts contexts;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarWriter tar = new TarWriter(bytes);

  @BeforeEach
  void folder() throws IOException {
    contexts = BuildContexts.in(temp.resolve("build"), Remotes.in(temp.resolve("build/remotes")));
    file("Dockerfile", "FROM x");
  }

  @AfterEach
  void leavesNothing() throws IOException {
    for (KeptContext context : contexts.kept()) {
      assertTrue(contexts.remove(context));
    }
    try (var left = Files.list(temp.resolve("build/kept"))) {
      assertEquals(List.of(), left.toList());
    }
    try (var left = Files.list(temp.resolve("build/unpacked"))) {
      assertEquals(List.of(), left.toList());
    }
    try (var outside = Files.list(temp)) {
      assertEquals(List.of(temp.resolve("build")), outside.toList());
    }
  }

  private void file(String name, String content) throws IOException {
    byte[] data = content.getBytes(StandardCharsets.UTF_8);
    tar.put(TarEntry.file(name, 0644, data.length, TIME).withOwner(1234, 1234));
    tar.write(data, 0, data.length);
  }

  private static TarEntry node(TarType type, String name) {
    return new TarEntry(name, type, 0600, 0, 0, 0, TIME, "", 1, 3, Map.of());
  }

  private byte[] tar() throws IOException {
    tar.finish();
    return bytes.toByteArray();
  }

  private BuildContext open(byte[] sent) {
    return open(new ByteArrayInputStream(sent));
  }

  private BuildContext open(InputStream sent) {
    return contexts.open(new ContextSource.Tar(sent), new DockerfileSource.InContext("Dockerfile"));
  }

  private void assertRefused(ErrorKind kind, String part, byte[] sent) {
    SlipwayException e = assertThrows(SlipwayException.class, () -> open(sent).close());
    assertEquals(kind, e.kind(), e.getMessage());
    assertTrue(e.getMessage().startsWith("unpacking the build context: "), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }

  @Test
  void givesTheSameContentAsTheDirectory() throws IOException {
    file("d/a", "one");
    tar.put(TarEntry.symlink("d/l", "a", TIME));
    byte[] sent = tar();
    Digest digest;
    try (BuildContext context = open(sent)) {
      digest = context.content(ALL);
      Path root = context.files().root();
      assertEquals(0, Files.getAttribute(root.resolve("d/a"), "unix:uid"));
      // Digests were taken while unpacking, and agree with reading the files again.
      assertEquals(digest, ContentDigests.of(context.files(), ALL));
      assertTrue(context.isUnchanged(ALL));
      Files.writeString(root.resolve("d/a"), "two");
      assertNotEquals(digest, ContentDigests.of(context.files(), ALL));
    }
  }

  @Test
  void opensEveryCompression() throws IOException {
    byte[] plain = tar();
    for (Compressed format : COMPRESSED) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (OutputStream compressed = format.to(out)) {
        compressed.write(plain);
      }
      try (BuildContext context = open(out.toByteArray())) {
        assertEquals("FROM x", context.dockerfile().text());
      }
      byte[] damaged = out.toByteArray();
      assertThrows(
          SlipwayException.class,
          () -> open(Arrays.copyOf(damaged, damaged.length * 2 / 3)).close());
    }
  }

  private interface Compressed {
    OutputStream to(OutputStream out) throws IOException;
  }

  private static final List<Compressed> COMPRESSED =
      List.of(
          GZIPOutputStream::new,
          BZip2CompressorOutputStream::new,
          out -> new XZOutputStream(out, new LZMA2Options(1)),
          ZstdOutputStream::new);

  @Test
  void dropsTheTwoFilesTheClientHadToSend() throws IOException {
    file(".dockerignore", "Dockerfile\n.dockerignore\n*.log\n");
    file("x.log", "sent all the same");
    try (BuildContext context = open(tar())) {
      assertEquals("FROM x", context.dockerfile().text());
      assertEquals(List.of("x.log"), TestTrees.walk(context.files(), ""));
    }
  }

  @Test
  void appliesTheRulesOfOneDockerfile() throws IOException {
    file("Dockerfile.dockerignore", "*\n!x");
    file("x", "");
    try (BuildContext context = open(tar())) {
      assertEquals(List.of("x"), TestTrees.walk(context.files(), ""));
    }
  }

  @Test
  void keepsAbsoluteNamesInside() throws IOException {
    file("/abs/file", "in");
    try (BuildContext context = open(tar())) {
      assertEquals("in", Files.readString(context.files().root().resolve("abs/file")));
    }
  }

  @Test
  void refusesNamesThatLeadOut() throws IOException {
    file("../../escaped", "out");
    assertRefused(ErrorKind.INVALID, "outside its root", tar());
  }

  @Test
  void keepsFilesBehindLinksInside() throws IOException {
    tar.put(TarEntry.symlink("up", "../../..", TIME));
    file("up/escaped", "in");
    tar.put(TarEntry.symlink("abs", "/" + temp, TIME));
    file("abs/escaped", "in");
    try (BuildContext context = open(tar())) {
      assertEquals("in", Files.readString(context.files().root().resolve("escaped")));
    }
    assertFalse(Files.exists(temp.resolve("escaped")));
  }

  @Test
  void refusesHardLinksToWhatIsOutside() throws IOException {
    tar.put(TarEntry.hardLink("passwd", "/etc/passwd", TIME));
    assertRefused(ErrorKind.INVALID, "passwd", tar());
  }

  @Test
  void refusesDevices() throws IOException {
    tar.put(node(TarType.CHAR_DEVICE, "dev/null"));
    assertRefused(ErrorKind.INVALID, "\"dev/null\" is a device", tar());
  }

  @Test
  void doesNotWaitForFifos() throws IOException {
    tar.put(node(TarType.FIFO, "fifo"));
    try (BuildContext context = open(tar())) {
      Digest with = context.content(ALL);
      Files.delete(context.files().root().resolve("fifo"));
      assertNotEquals(with, ContentDigests.of(context.files(), ALL));
    }
  }

  @Test
  void refusesWhatIsCutOffOrNoArchive() throws IOException {
    file("big", "x".repeat(100_000));
    byte[] all = tar();
    assertRefused(ErrorKind.INVALID, "truncated", Arrays.copyOf(all, 5000));
    byte[] noise = "this is not an archive at all ".repeat(40).getBytes(StandardCharsets.UTF_8);
    assertRefused(ErrorKind.INVALID, "not a tar archive", noise);
  }

  @Test
  void tellsABrokenConnectionFromABrokenArchive() throws IOException {
    InputStream breaking =
        new SequenceInputStream(
            new ByteArrayInputStream(Arrays.copyOf(tar(), 700)),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("connection reset");
              }
            });
    SlipwayException e = assertThrows(SlipwayException.class, () -> open(breaking).close());
    assertEquals(ErrorKind.UNAVAILABLE, e.kind());
    assertEquals("receiving the build context: connection reset", e.getMessage());
  }

  @Test
  void readsTheStreamToItsEnd() throws IOException {
    byte[] all = tar();
    InputStream sent = new ByteArrayInputStream(Arrays.copyOf(all, all.length + 100_000));
    open(sent).close();
    assertEquals(-1, sent.read());
  }

  @Test
  void takesManyEntries() throws IOException {
    for (int i = 0; i < 100_000; i++) {
      tar.put(TarEntry.file("many/" + i, 0644, 0, TIME));
    }
    try (BuildContext context = open(tar())) {
      assertEquals(100_002, TestTrees.walk(context.files(), "").size());
    }
  }
}
