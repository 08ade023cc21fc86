package io.slipway.runtime.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerApplierTest {
  private static final Optional<Path> NOTHING_BELOW = Optional.empty();

  @TempDir private Path temp;
  private Path root;
  private Path outside;

  @BeforeEach
  void directories() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
  }

  /** JUnit would warn of each link that leads out of its folder. */
  @AfterEach
  void removeLinks() throws IOException {
    try (Dir dir = Dir.open(root)) {
      for (String name : dir.names()) {
        dir.remove(name);
      }
    }
  }

  private AppliedLayer apply(Tars tar) throws IOException {
    return apply(tar, ApplyOptions.ARCHIVE);
  }

  private AppliedLayer apply(Tars tar, ApplyOptions options) throws IOException {
    return new LayerApplier(options).apply(tar.stream(), root, NOTHING_BELOW);
  }

  private void assertInvalid(Tars tar, String message) {
    assertThatThrownBy(() -> apply(tar))
        .isInstanceOfSatisfying(
            SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INVALID))
        .hasMessageContaining(message);
    assertNothingOutside();
  }

  private void assertNothingOutside() {
    assertThat(outside).isDirectoryNotContaining(path -> !path.endsWith("secret"));
    assertThat(outside.resolve("secret")).hasContent("secret");
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("root", "outside");
  }

  @Test
  void filesGetContentModeAndTime() throws IOException {
    AppliedLayer applied =
        apply(
            Tars.tar()
                .dir("d", 01755)
                .file("d/program", 04711, "hello")
                .dir("closed", 0500)
                .file("closed/in", "x")
                .symlink("d/link", "program")
                .hardLink("d/same", "d/program"));

    assertThat(applied).isEqualTo(new AppliedLayer(6, 6));
    Path program = root.resolve("d/program");
    assertThat(program).hasContent("hello");
    assertThat(mode(program)).isEqualTo(04711);
    assertThat(mode(root.resolve("d"))).isEqualTo(01755);
    assertThat(mode(root.resolve("closed"))).isEqualTo(0500);
    for (String name : new String[] {"d", "d/program", "d/link", "closed", "closed/in"}) {
      assertThat(Files.getLastModifiedTime(root.resolve(name), LinkOption.NOFOLLOW_LINKS))
          .as(name)
          .isEqualTo(FileTime.fromMillis(Tars.TIME.seconds() * 1000));
    }
    assertThat(Files.isSameFile(program, root.resolve("d/same"))).isTrue();
    assertThat(Files.readSymbolicLink(root.resolve("d/link"))).isEqualTo(Path.of("program"));
  }

  @Test
  void missingParentsAreMade() throws IOException {
    apply(Tars.tar().file("a/b/c/file", "x"));
    assertThat(root.resolve("a/b/c/file")).hasContent("x");
    assertThat(mode(root.resolve("a/b"))).isEqualTo(0755);
  }

  @Test
  void theRootsOwnEntryIsItsLooks() throws IOException {
    apply(Tars.tar().dir("./", 0711).file("./a", "x"));
    assertThat(mode(root)).isEqualTo(0711);
    assertThat(root.resolve("a")).hasContent("x");
    assertInvalid(Tars.tar().symlink(".", "/"), "replaces its root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil", "a/../../evil", "..", "/../evil", "./../../evil"})
  void namesAboveTheRootAreRefused(String name) {
    assertInvalid(Tars.tar().dir("a").file(name, "x"), "outside its root");
  }

  @ParameterizedTest
  @CsvSource({"/abs, abs", "//abs, abs", "./a/./b, a/b", "a/../b, b", "a//b, a/b"})
  void namesAreTakenFromTheRoot(String name, String where) throws IOException {
    apply(Tars.tar().dir("a").file(name, "x"));
    assertThat(root.resolve(where)).hasContent("x");
    assertNothingOutside();
  }

  @Test
  void linksOnTheWayLeadInsideTheRoot() throws IOException {
    apply(
        Tars.tar()
            .symlink("absolute", outside.toString())
            .file("absolute/evil", "1")
            .symlink("up", "../../../../outside")
            .file("up/evil", "2")
            .dir("d")
            .symlink("d/up", "..")
            .file("d/up/evil", "3"));

    assertNothingOutside();
    assertThat(root.resolve(outside.toString().substring(1)).resolve("evil")).hasContent("1");
    assertThat(root.resolve("outside/evil")).hasContent("2");
    assertThat(root.resolve("evil")).hasContent("3");
  }

  @Test
  void linksAreReplacedNotWrittenThrough() throws IOException {
    apply(
        Tars.tar()
            .symlink("f", outside.resolve("secret").toString())
            .file("f", "mine")
            .symlink("d", outside.toString())
            .dir("d")
            .file("d/evil", "inside"));

    assertNothingOutside();
    assertThat(Files.isSymbolicLink(root.resolve("f"))).isFalse();
    assertThat(root.resolve("d/evil")).hasContent("inside");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside/secret", "/outside/secret", "missing", "dir", "", "link/x"})
  void hardLinksToAnythingButAFileInsideAreRefused(String target) {
    Tars tar = Tars.tar().dir("dir").symlink("link", outside.toString()).hardLink("h", target);
    assertInvalid(tar, target.startsWith("..") ? "outside its root" : "which is no file");
    assertThat(root.resolve("h")).doesNotExist();
  }

  @Test
  void aHardLinkToALinkIsTheLink() throws IOException {
    apply(
        Tars.tar().symlink("link", outside.resolve("secret").toString()).hardLink("same", "link"));
    assertThat(Files.isSymbolicLink(root.resolve("same"))).isTrue();
  }

  @Test
  void loopsOfLinksEnd() {
    assertInvalid(
        Tars.tar().symlink("a", "b").symlink("b", "a").file("a/x", "x"),
        "too many levels of symbolic links");
  }

  @Test
  void nothingGoesBelowAFile() {
    assertInvalid(Tars.tar().file("f", "x").file("f/y", "y"), "which is not a directory");
  }

  @Test
  void laterEntriesReplaceEarlierOnesOfAnotherKind() throws IOException {
    apply(
        Tars.tar()
            .file("a", "file")
            .dir("a")
            .file("a/x", "in directory")
            .dir("b")
            .dir("b/c")
            .file("b/c/deep", "x")
            .file("b", "now a file")
            .file("c", "1")
            .file("c", "2")
            .symlink("c", "b")
            .fifo("a/x")
            .hardLink("a/x", "b"));

    assertThat(root.resolve("a/x")).hasContent("now a file");
    assertThat(root.resolve("b")).hasContent("now a file");
    assertThat(Files.readSymbolicLink(root.resolve("c"))).isEqualTo(Path.of("b"));
  }

  @Test
  void existingDirectoriesAreMerged() throws IOException {
    Files.createDirectory(root.resolve("d"));
    Files.writeString(root.resolve("d/old"), "old");
    apply(Tars.tar().dir("d", 0700).file("d/new", "new"));
    assertThat(root.resolve("d/old")).hasContent("old");
    assertThat(mode(root.resolve("d"))).isEqualTo(0700);
  }

  @Test
  void whiteoutsOfAnArchiveAreOrdinaryFiles() throws IOException {
    apply(Tars.tar().file(".wh.x", "1").file(".wh..wh..opq", "2"));
    assertThat(root.resolve(".wh.x")).hasContent("1");
    assertThat(root.resolve(".wh..wh..opq")).hasContent("2");
  }

  @Test
  void whiteoutsOfALayerOnNothingHaveNoEffect() throws IOException {
    apply(
        Tars.tar().file(".wh.x", "").file(".wh..wh..opq", "").file(".wh..wh.plnk", ""),
        ApplyOptions.LAYER);
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void namesThatCannotExistAreRefused() {
    assertInvalid(Tars.tar().file("x".repeat(300), ""), "file name too long");
    assertInvalid(Tars.tar().file("x/".repeat(3000) + "y", ""), "cannot be a path");
    assertInvalid(Tars.tar().symlink("l", ""), "symbolic link to nothing");
    assertInvalid(Tars.tar().symlink("l", "x".repeat(5000)), "file name too long");
  }

  @Test
  void namesInAnyEncodingAreKept() throws IOException {
    String latin1 = "caf\udce9";
    apply(Tars.tar().file(latin1, "x").file("ünï", "y").dir("d").hardLink("d/" + latin1, latin1));
    try (Dir dir = Dir.open(root)) {
      assertThat(dir.names()).containsExactly(latin1, "d", "ünï");
      try (Dir inner = dir.directory("d")) {
        assertThat(inner.names()).containsExactly(latin1);
      }
    }
  }

  @Test
  void deepPathsAreMade() throws IOException {
    String deep = "d/".repeat(1500);
    apply(Tars.tar().file(deep + "file", "x"));
    try (Tree tree = Tree.open(root)) {
      assertThat(tree.status(deep + "file")).isPresent();
      // JUnit could not delete it.
      assertThat(tree.root().remove("d")).isTrue();
      assertThat(tree.root().names()).isEmpty();
    }
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> apply(Tars.tar().file("a", "")))
          .isInstanceOfSatisfying(
              SlipwayException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void limitsHold() {
    assertThatThrownBy(() ->
            apply(
                Tars.tar().file("a", "").file("b", "").file("c", ""),
                ApplyOptions.ARCHIVE.withLimits(2, 100)))
        .hasMessage("archive holds more than 2 entries");
    assertThatThrownBy(
            () -> apply(Tars.tar().file("a", "123456"), ApplyOptions.ARCHIVE.withLimits(2, 5)))
        .hasMessage("archive holds more than 5 bytes of files");
  }

  @Test
  void aHundredThousandEntriesAreNothingSpecial() throws IOException {
    Tars many = Tars.tar().file("first", "x");
    for (int i = 0; i < 100_000; i++) {
      many.symlink(i % 50 == 0 ? "l" + i : ".wh.gone" + i, "first");
    }
    assertThat(apply(many, ApplyOptions.LAYER).entries()).isEqualTo(100_001);
  }

  @Test
  void aTruncatedArchiveIsTold() {
    byte[] whole = Tars.tar().file("a", "x").file("b", "y".repeat(5000)).bytes();
    byte[] cut = Arrays.copyOf(whole, 3000);
    assertThatThrownBy(() ->
            new LayerApplier(ApplyOptions.LAYER)
                .apply(new ByteArrayInputStream(cut), root, NOTHING_BELOW))
        .isInstanceOf(SlipwayException.class)
        .hasMessage("truncated tar: ends inside or after \"b\"");
  }

  private static int mode(Path file) throws IOException {
    return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
  }
}
