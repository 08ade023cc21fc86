package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTarTest {
  @TempDir Path temp;
  private Path source;
  private Path target;

  @BeforeEach
  void make() throws IOException {
    source = Files.createDirectories(temp.resolve("source"));
    target = Files.createDirectories(temp.resolve("target"));
    Files.createDirectories(source.resolve("d"));
    Files.writeString(source.resolve("d/file"), "content");
    Files.createLink(source.resolve("same"), source.resolve("d/file"));
    Files.createSymbolicLink(source.resolve("link"), Path.of("d/file"));
    Files.setAttribute(source.resolve("d/file"), "unix:mode", 0100640);
  }

  private long copy(Path from, String name, String as) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    LocalTar.write(from, name, false, tar);
    return LocalUntar.extract(new ByteArrayInputStream(tar.toByteArray()), target, as);
  }

  @Test
  void aTreeComesOutAsItWentIn() throws IOException {
    assertThat(copy(source, "source", "")).isEqualTo("content".length());
    Path copy = target.resolve("source");
    assertThat(copy.resolve("d/file")).hasContent("content");
    assertThat(Files.readSymbolicLink(copy.resolve("link"))).isEqualTo(Path.of("d/file"));
    assertThat(Files.isSameFile(copy.resolve("same"), copy.resolve("d/file"))).isTrue();
    assertThat((Integer) Files.getAttribute(copy.resolve("d/file"), "unix:mode") & 07777)
        .isEqualTo(0640);
  }

  @Test
  void theTopIsCalledAsWanted() throws IOException {
    copy(source, "source", "other");
    assertThat(target.resolve("other/d/file")).hasContent("content");
  }

  @Test
  void contentGoesIntoTheFolderItself() throws IOException {
    copy(source, ".", "");
    assertThat(target.resolve("d/file")).hasContent("content");
  }

  @Test
  void kindsAreNotChanged() throws IOException {
    Files.createDirectories(target.resolve("source/d/file"));
    assertThatThrownBy(() -> copy(source, "source", "")).hasMessageContaining("cannot overwrite");
  }

  @Test
  void nothingLeavesTheFolder() throws IOException {
    assertThatThrownBy(() -> hostile(TarEntry.file("../evil", 0644, 0, TarTime.EPOCH)))
        .hasMessageContaining("outside");
    assertThatThrownBy(() ->
            hostile(
                TarEntry.symlink("l", "..", TarTime.EPOCH),
                TarEntry.file("l/evil", 0644, 0, TarTime.EPOCH)))
        .hasMessageContaining("no directory");
    assertThatThrownBy(() -> hostile(TarEntry.hardLink("h", "../source/d/file", TarTime.EPOCH)))
        .hasMessageContaining("outside");
    assertThat(temp.resolve("evil")).doesNotExist();
    Files.delete(target.resolve("l"));
  }

  private void hostile(TarEntry... entries) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TarWriter tar = new TarWriter(out);
    for (TarEntry entry : entries) {
      tar.put(entry);
    }
    tar.finish();
    LocalUntar.extract(new ByteArrayInputStream(out.toByteArray()), target, "");
  }
}
