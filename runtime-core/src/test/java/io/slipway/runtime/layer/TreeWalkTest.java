package io.slipway.runtime.layer;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.runtime.snapshot.Usage;
import io.slipway.runtime.snapshot.UsageMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeWalkTest {
  @TempDir Path temp;

  @Test
  void aDirectoryComesAfterWhatItHolds() throws IOException {
    Files.createDirectories(temp.resolve("a/b"));
    Files.writeString(temp.resolve("a/b/c"), "12345");
    Files.createLink(temp.resolve("a/d"), temp.resolve("a/b/c"));
    Files.createSymbolicLink(temp.resolve("a/b/up"), Path.of(".."));
    List<String> seen = new ArrayList<>();
    TreeWalk.walk(temp, (dir, name, status) -> seen.add(name));
    assertThat(seen).containsExactlyInAnyOrder("a", "b", "c", "d", "up").endsWith("a");
    assertThat(seen.indexOf("b")).isGreaterThan(seen.indexOf("c"));
    assertThat(seen.indexOf("b")).isGreaterThan(seen.indexOf("up"));
    assertThat(UsageMeter.measure(temp)).isEqualTo(new Usage(5, 5));
  }

  /** A program that changes into each directory it makes gets deeper than any path. */
  @Test
  void aTreeThatNoPathReachesIsMeasuredAsFarAsALayerCouldGo() throws IOException {
    int depth = TreeWalk.MAX_DEPTH + 500;
    try (Dir root = Dir.open(temp)) {
      Dir at = root.reopen();
      for (int level = 0; level < depth; level++) {
        at.makeDirectory("d");
        Dir next = at.directory("d");
        at.close();
        at = next;
      }
      at.close();
      try {
        assertThat(UsageMeter.measure(temp)).isEqualTo(new Usage(0, TreeWalk.MAX_DEPTH));
      } finally {
        root.remove("d");
      }
    }
  }

  @Test
  void anEntryThatIsGoneIsPassedBy() throws IOException {
    Files.createDirectories(temp.resolve("a"));
    Files.writeString(temp.resolve("a/x"), "x");
    Files.createDirectories(temp.resolve("b/c"));
    List<String> seen = new ArrayList<>();
    TreeWalk.walk(
        temp,
        (dir, name, status) -> {
          seen.add(name);
          if (name.equals("x")) {
            Files.delete(temp.resolve("b/c"));
            Files.delete(temp.resolve("b"));
          } else if (name.equals("c")) {
            Files.delete(temp.resolve("a/x"));
            Files.delete(temp.resolve("a"));
          }
        });
    assertThat(seen).hasSizeBetween(2, 3);
  }
}
