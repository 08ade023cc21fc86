package io.slipway.runtime.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
  @TempDir private Path temp;
  private Path root;
  private Tree tree;

  @BeforeEach
  void makeTree() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    Files.writeString(temp.resolve("secret"), "secret");
    Files.createDirectories(root.resolve("usr/lib"));
    Files.writeString(root.resolve("usr/lib/a"), "inside");
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    Files.createSymbolicLink(root.resolve("abs"), Path.of("/usr"));
    Files.createSymbolicLink(root.resolve("out"), Path.of("../../../../../../.."));
    Files.createSymbolicLink(root.resolve("secret"), temp.resolve("secret"));
    Files.createSymbolicLink(root.resolve("missing"), Path.of("/not/there"));
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    tree = Tree.open(root);
  }

  /** JUnit would warn of each link that leads out of its folder. */
  @AfterEach
  void closeTree() throws IOException {
    for (String name : tree.root().names()) {
      tree.root().remove(name);
    }
    tree.close();
  }

  private String read(String path) throws IOException {
    try (Fd file = tree.openFile(path);
        Arena arena = Arena.ofConfined()) {
      var buffer = arena.allocate(100);
      return new String(
          buffer.asSlice(0, FileCalls.read(file, buffer)).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "usr/lib/a",
        "/usr/lib/a",
        "lib/a",
        "abs/lib/a",
        "out/lib/a",
        "../../usr/lib/a",
        "/lib/../lib/./a"
      })
  void pathsLeadInsideTheRoot(String path) throws IOException {
    assertThat(read(path)).isEqualTo("inside");
    assertThat(tree.status(path)).isPresent();
  }

  @Test
  void nothingOutsideIsReached() throws IOException {
    assertThat(tree.status("secret")).isEmpty();
    assertThat(tree.status("../secret")).isEmpty();
    assertThat(tree.status("out/" + temp.resolve("secret"))).isEmpty();
    assertThatThrownBy(() -> tree.openFile("secret")).isInstanceOf(LinuxException.class);
    try (Dir up = tree.directory("out")) {
      assertThat(up.status().inode()).isEqualTo(tree.root().status().inode());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "lib, /usr/lib",
    "lib/a, /usr/lib/a",
    "abs/x/y, /usr/x/y",
    "missing/x, /not/there/x",
    "new/../lib/z, /usr/lib/z",
    "out/etc, /etc"
  })
  void pathsAreResolvedWhetherTheyExistOrNot(String path, String resolved) throws IOException {
    assertThat(tree.resolve(path)).isEqualTo(resolved);
  }

  @Test
  void loopsEnd() {
    assertThatThrownBy(() -> tree.resolve("loop/x"))
        .isInstanceOfSatisfying(LinuxException.class, e -> assertThat(e.is(Errno.ELOOP)).isTrue());
    assertThatThrownBy(() -> tree.status("loop"))
        .isInstanceOfSatisfying(LinuxException.class, e -> assertThat(e.is(Errno.ELOOP)).isTrue());
  }

  @Test
  void missingDirectoriesAreMadeWhereLinksLead() throws IOException {
    Metadata made = Metadata.of(tree.root().status()).withPermissions(0711);
    tree.makeDirectories("lib/x/y", made).close();
    tree.makeDirectories("missing/z", made).close();
    tree.makeDirectories("/", made).close();

    assertThat(root.resolve("usr/lib/x/y")).isDirectory();
    assertThat(root.resolve("not/there/z")).isDirectory();
    assertThat(tree.status("usr/lib/x").orElseThrow().permissions()).isEqualTo(0711);
    assertThat(tree.status("usr/lib").orElseThrow().permissions()).isNotEqualTo(0711);
    assertThatThrownBy(() -> tree.makeDirectories("usr/lib/a/b", made))
        .isInstanceOf(SlipwayException.class)
        .hasMessage("/usr/lib/a: not a directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/"})
  void directoriesTakeNamesNotPaths(String name) {
    assertThatThrownBy(() -> tree.root().status(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void directoriesDoNotFollowLinks() throws IOException {
    assertThatThrownBy(() -> tree.root().directory("lib")).isInstanceOf(LinuxException.class);
    assertThatThrownBy(() -> tree.root().openFile("secret")).isInstanceOf(LinuxException.class);
    assertThatThrownBy(() -> tree.root().changeMode("secret", 0))
        .isInstanceOf(LinuxException.class);
    assertThat(tree.root().status("lib").map(FileStatus::isSymlink)).contains(true);
    tree.root().remove("lib");
    assertThat(root.resolve("usr/lib/a")).exists();
  }

  @Test
  void removalStaysInside() throws IOException {
    assertThat(tree.root().remove("usr")).isTrue();
    for (String name : List.of("abs", "out", "secret", "missing", "loop", "lib")) {
      assertThat(tree.root().remove(name)).isTrue();
    }
    assertThat(tree.root().remove("nothing")).isFalse();
    assertThat(root).isEmptyDirectory();
    assertThat(temp.resolve("secret")).hasContent("secret");
  }

  @Test
  void entriesAreCopiedWithTheirMetadata() throws IOException {
    byte[] content = new byte[3_000_000];
    new Random(1).nextBytes(content);
    Files.write(root.resolve("big"), content);
    Files.setLastModifiedTime(root.resolve("big"), FileTime.fromMillis(1_234_567));
    Files.createFile(root.resolve("empty"));
    Path target = Files.createDirectory(temp.resolve("target"));
    try (Dir to = Dir.open(target)) {
      for (String name : List.of("big", "empty", "secret", "usr")) {
        Metadata metadata = tree.root().metadata(name).withPermissions(0750);
        EntryCopier.copy(tree.root(), name, to, name, metadata);
      }
    }
    assertThat(target.resolve("big")).hasBinaryContent(content);
    assertThat(Files.getLastModifiedTime(target.resolve("big")))
        .isEqualTo(FileTime.fromMillis(1_234_567));
    assertThat(Files.getAttribute(target.resolve("big"), "unix:mode")).isEqualTo(0100750);
    assertThat(target.resolve("empty")).isEmptyFile();
    assertThat(Files.isSymbolicLink(target.resolve("secret"))).isTrue();
    assertThat(target.resolve("usr")).isEmptyDirectory();
  }

  @Test
  void whatHasNoSizeIsCopiedToo() throws IOException {
    Path target = Files.createDirectory(temp.resolve("target"));
    try (Dir proc = Dir.open(Path.of("/proc/self"));
        Dir to = Dir.open(target)) {
      EntryCopier.copy(proc, "status", to, "status", Metadata.of(tree.root().status()));
    }
    assertThat(Files.readString(target.resolve("status"))).contains("Name:");
    assertThat(Files.exists(target.resolve("status"), LinkOption.NOFOLLOW_LINKS)).isTrue();
  }
}
