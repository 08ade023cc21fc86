package io.slipway.builder.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.slipway.builder.graph.ContentRead;
import io.slipway.image.model.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes a digest and what does not: spec/dockerfile.md 4.2. */
class ContentDigestsTest {
  @TempDir Path root;

  private interface Change {
    void make() throws IOException;
  }

  @BeforeEach
  void files() throws IOException {
    TestTrees.make(root, "d/a", "d/b/c", "d/l->a", "other", "f");
  }

  private Digest digest(String path, String... excludes) throws IOException {
    return ContentDigests.of(
        TestTrees.context(root), new ContentRead(1, path, true, List.of(excludes)));
  }

  private void assertMiss(String path, Change change) throws IOException {
    Digest before = digest(path);
    change.make();
    assertNotEquals(before, digest(path));
  }

  private void assertHit(String path, Change change) throws IOException {
    Digest before = digest(path);
    change.make();
    assertEquals(before, digest(path));
  }

  @Test
  void changes() throws IOException {
    assertMiss("d", () -> Files.writeString(root.resolve("d/a"), "d/A"));
    assertMiss("d", () -> Files.writeString(root.resolve("d/a"), "longer"));
    assertMiss("d", () -> Files.move(root.resolve("d/a"), root.resolve("d/a2")));
    assertMiss("d", () -> Files.createDirectory(root.resolve("d/empty")));
    assertMiss("d", () -> mode("d/b/c", "rwxr-xr-x"));
    assertMiss("d", () -> mode("d/b", "rwx------"));
    assertMiss("d", () -> relink("d/l", "b"));
    assertMiss("d", () -> Files.delete(root.resolve("d/l")));
    assertMiss("f*", () -> Files.createFile(root.resolve("f3")));
  }

  @Test
  void doesNotChange() throws IOException {
    FileTime time = FileTime.fromMillis(1000);
    assertHit("d", () -> Files.setLastModifiedTime(root.resolve("d/a"), time));
    assertHit("d", () -> Files.setLastModifiedTime(root.resolve("d"), time));
    assertHit("d", () -> Files.writeString(root.resolve("other"), "changed"));
    assertHit("f*", () -> Files.createFile(root.resolve("g")));
    assertHit("none*", () -> Files.createFile(root.resolve("h")));
    assertHit("/", () -> mode("", "rwx------"));
  }

  @Test
  void tellsApartWhatLooksAlike() throws IOException {
    TestTrees.make(root, "x1/ab", "x2/a", "x3/");
    Files.writeString(root.resolve("x1/ab"), "");
    Files.writeString(root.resolve("x2/a"), "b");
    assertNotEquals(digest("x1"), digest("x2"));
    assertNotEquals(digest("none*"), digest("x3"));
    assertNotEquals(digest("d/a"), digest("f"));
  }

  @Test
  void leavesOutWhatIsExcluded() throws IOException {
    Digest without = digest("d", "b");
    Files.writeString(root.resolve("d/b/c"), "changed");
    assertEquals(without, digest("d", "b"));
    assertNotEquals(without, digest("d"));
    assertEquals(digest("f"), digest("f", "f"));
  }

  @Test
  void followsTheSourceItself() throws IOException {
    TestTrees.make(root, "ld->d");
    assertMiss("ld", () -> Files.writeString(root.resolve("d/b/c"), "changed"));
  }

  @Test
  void isTheSameForManyFilesReadAtOnce() throws IOException {
    for (int i = 0; i < 1000; i++) {
      TestTrees.make(root, "many/" + i % 7 + "/" + i);
    }
    Digest first = digest("many");
    assertEquals(first, digest("many"));
    Files.writeString(root.resolve("many/3/500"), "500x");
    assertNotEquals(first, digest("many"));
  }

  private void mode(String path, String mode) throws IOException {
    Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString(mode));
  }

  private void relink(String path, String target) throws IOException {
    Files.delete(root.resolve(path));
    Files.createSymbolicLink(root.resolve(path), Path.of(target));
  }
}
