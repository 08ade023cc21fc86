package io.slipway.builder.context;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Small trees on disk, and what a walk shows of them. */
final class TestTrees {
  private TestTrees() {}

  /**
   * Makes files: {@code a/b} is a file that holds its own path, {@code a/} a directory, {@code
   * a->b} a link.
   */
  static Path make(Path root, String... specs) throws IOException {
    for (String spec : specs) {
      String[] link = spec.split("->");
      Path path = root.resolve(link[0]);
      Files.createDirectories(path.getParent());
      if (link.length == 2) {
        Files.createSymbolicLink(path, Path.of(link[1]));
      } else if (spec.endsWith("/")) {
        Files.createDirectories(path);
      } else {
        Files.writeString(path, spec);
      }
    }
    return root;
  }

  static SourceTree context(Path root, String... ignored) {
    return SourceTree.ofContext(root, "local::context", PathPatterns.of(List.of(ignored)));
  }

  /** The paths a walk shows, directories with a slash at the end. */
  static List<String> walk(SourceTree tree, String directory, String... excludes)
      throws IOException {
    List<String> shown = new ArrayList<>();
    List<String> open = new ArrayList<>();
    SourceWalk.below(
        tree,
        directory,
        List.of(excludes),
        new SourceVisitor() {
          @Override
          public void enter(SourceEntry entry) {
            shown.add(entry.path() + "/");
            open.add(entry.path());
          }

          @Override
          public void file(SourceEntry entry) {
            shown.add(entry.path());
          }

          @Override
          public void leave(SourceEntry entry) {
            if (!open.removeLast().equals(entry.path())) {
              throw new AssertionError("left " + entry.path() + " out of order");
            }
          }
        });
    if (!open.isEmpty()) {
      throw new AssertionError("never left " + open);
    }
    return shown;
  }

  /** Sets the time back, and waits until the change time is certain too. */
  static void settle(Path file) throws IOException, InterruptedException {
    Files.setLastModifiedTime(
        file, java.nio.file.attribute.FileTime.from(Instant.ofEpochSecond(1_700_000_000L)));
    Thread.sleep(80);
  }
}
