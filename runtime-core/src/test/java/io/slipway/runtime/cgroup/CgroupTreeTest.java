package io.slipway.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTreeTest {
  @TempDir Path root;

  @Test
  void parentsComeFirst() throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    Files.createDirectories(root.resolve("c"));
    Files.writeString(root.resolve("a/cgroup.procs"), "");
    assertThat(CgroupTree.below(root))
        .containsExactly(root, root.resolve("a"), root.resolve("c"), root.resolve("a/b"));
    assertThat(CgroupTree.below(root.resolve("none"))).isEmpty();
  }

  /** Other engines of the machine make and remove cgroups all the time. */
  @Test
  void directoriesThatComeAndGoHideNone() throws Exception {
    List<Path> lasting = List.of(root.resolve("a/slipway"), root.resolve("z/y/slipway"));
    for (Path directory : lasting) {
      Files.createDirectories(directory);
    }
    Thread others = Thread.ofPlatform().daemon().start(this::comeAndGo);
    for (int i = 0; i < 300; i++) {
      assertThat(CgroupTree.below(root)).containsAll(lasting);
    }
    others.interrupt();
    others.join();
  }

  private void comeAndGo() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        for (int i = 0; i < 20; i++) {
          Files.createDirectories(root.resolve("m" + i + "/n"));
        }
        for (int i = 0; i < 20; i++) {
          Files.delete(root.resolve("m" + i + "/n"));
          Files.delete(root.resolve("m" + i));
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
