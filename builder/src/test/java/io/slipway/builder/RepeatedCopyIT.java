package io.slipway.builder;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.CacheUse;
import io.slipway.builder.progress.BuildListener;
import io.slipway.image.model.Digest;
import io.slipway.runtime.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A COPY of files that have changed in part takes the others from its last result. Whatever has
 * changed, the layer is the one that a copy without cache makes. Needs root.
 */
class RepeatedCopyIT {
  private static final long SEED = 20_260;
  private static final FileTime TIME = FileTime.fromMillis(1_700_000_000_123L);

  @TempDir static Path data;
  @TempDir Path context;
  private static BuildMachine machine;

  @BeforeAll
  static void open() throws Exception {
    machine = new BuildMachine(data);
  }

  @AfterAll
  static void close() throws Exception {
    machine.close();
  }

  private Digest layer(CacheUse cache) {
    BuildResult result =
        machine.build(
            context, BuildOptions.DEFAULTS.withCache(cache), BuildListener.SILENT, "copied");
    return machine.config(result.imageId().orElseThrow()).rootFs().diffIds().getLast();
  }

  private void assertSameAsWithoutCache(String what) {
    Digest layer = layer(CacheUse.ALL);
    assertThat(layer).as(what).isEqualTo(layer(CacheUse.NONE));
  }

  private void write(String name, String content) throws IOException {
    Path file = context.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, TIME);
  }

  private void dockerfile(String text) throws IOException {
    Files.writeString(context.resolve("Dockerfile"), text);
  }

  /** How many names a file of the newest layer has. */
  private static int names(String path) throws IOException {
    Snapshot newest =
        machine.snapshots.list().stream()
            .filter(Snapshot.Committed.class::isInstance)
            .map(Snapshot.Committed.class::cast)
            .filter(snapshot -> Files.exists(snapshot.changes().resolve(path)))
            .max(Comparator.comparing(Snapshot.Committed::created))
            .orElseThrow();
    return (int) Files.getAttribute(newest.changes().resolve(path), "unix:nlink");
  }

  @Test
  void takesUnchangedFilesFromTheLastResult() throws Exception {
    dockerfile("FROM busybox\nWORKDIR /app\nCOPY . .\n");
    write("d/same", "same");
    write("d/changed", "one");
    layer(CacheUse.ALL);
    write("d/changed", "two");
    layer(CacheUse.ALL);
    assertThat(names("app/d/same")).isEqualTo(2);
    assertThat(names("app/d/changed")).isEqualTo(1);

    Files.setLastModifiedTime(context.resolve("d/same"), FileTime.fromMillis(1));
    write("d/changed", "three");
    assertSameAsWithoutCache("another time, which is no reason to copy again but shows");

    dockerfile("FROM busybox\nWORKDIR /app\nCOPY --chown=7:8 . .\n");
    assertSameAsWithoutCache("another owner");
    dockerfile("FROM busybox\nRUN echo > /other\nWORKDIR /app\nCOPY --chown=7:8 . .\n");
    assertSameAsWithoutCache("another tree below");
  }

  /** Where two sources have a file of one name, the last result has the second one's. */
  @Test
  void severalSourcesAreNotMixedUp() throws Exception {
    dockerfile("FROM busybox\nCOPY *.d /all/\n");
    write("a.d/sub/file", "of a");
    write("b.d/sub/file", "of b");
    layer(CacheUse.ALL);
    Files.delete(context.resolve("b.d/sub/file"));
    Files.delete(context.resolve("b.d/sub"));
    Files.delete(context.resolve("b.d"));
    assertSameAsWithoutCache("one source of two is gone");

    dockerfile("FROM busybox\nCOPY a.d c.d /all/\n");
    write("c.d/sub/file", "of c");
    layer(CacheUse.ALL);
    Files.delete(context.resolve("c.d/sub/file"));
    assertSameAsWithoutCache("one file of two is gone");
  }

  @Test
  void anyChangeGivesTheLayerOfACopyWithoutCache() throws Exception {
    dockerfile("FROM busybox\nCOPY . /all\n");
    for (int i = 0; i < 12; i++) {
      write("d" + i % 3 + "/f" + i, "content " + i);
    }
    layer(CacheUse.ALL);
    var random = new Random(SEED);
    for (int round = 0; round < 25; round++) {
      // a time alone is no reason to copy again
      write("round", "round " + round);
      String changes = "";
      for (int change = 0; change <= random.nextInt(4); change++) {
        changes += change(random) + ", ";
      }
      assertSameAsWithoutCache("round " + round + ", seed " + SEED + ": " + changes);
    }
  }

  private String change(Random random) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(context)) {
      files =
          found
              .filter(file ->
                  !file.equals(context) && !file.endsWith("Dockerfile") && !file.endsWith("round"))
              .sorted()
              .toList();
    }
    Path file = files.get(random.nextInt(files.size()));
    boolean regular = Files.isRegularFile(file);
    Path fresh = file.resolveSibling("new" + random.nextInt(1000));
    int kind = random.nextInt(9);
    switch (kind) {
      case 0 -> {
        if (regular) {
          // neither size nor time tells
          String content = Files.readString(file);
          Files.writeString(file, content.replaceFirst(".", "" + (char) ('a' + random.nextInt(9))));
          Files.setLastModifiedTime(file, TIME);
        }
      }
      case 1 -> Files.setLastModifiedTime(file, FileTime.fromMillis(random.nextLong(1L << 40)));
      case 2 -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
      case 3 -> Files.writeString(fresh, "new");
      case 4 -> {
        if (regular) {
          Files.delete(file);
        }
      }
      case 5 -> {
        if (regular) {
          Files.delete(file);
          Files.createDirectory(file);
          Files.writeString(file.resolve("inside"), "directory now");
        }
      }
      case 6 -> {
        if (regular) {
          Files.deleteIfExists(fresh);
          Files.createLink(fresh, file);
        }
      }
      case 7 -> {
        if (regular) {
          // one name of several becomes a file of its own
          byte[] content = Files.readAllBytes(file);
          FileTime time = Files.getLastModifiedTime(file);
          Files.delete(file);
          Files.write(file, content);
          Files.setLastModifiedTime(file, time);
        }
      }
      default -> {
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, file.getFileName());
      }
    }
    return kind + " of " + context.relativize(file);
  }
}
