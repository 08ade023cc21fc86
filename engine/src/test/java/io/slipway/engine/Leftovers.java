package io.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a daemon must not leave on the machine. */
final class Leftovers {
  private Leftovers() {}

  static void assertNone(String name, Path directory) throws IOException {
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
    assertThat(cgroups(name)).as("cgroups").isEmpty();
    assertThat(interfaces(name)).as("interfaces").isEmpty();
    assertThat(directory.resolve("sock")).doesNotExist();
  }

  static List<Path> cgroups(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    findCgroups(Path.of("/sys/fs/cgroup"), name, found);
    return found;
  }

  private static void findCgroups(Path directory, String name, List<Path> found)
      throws IOException {
    try (DirectoryStream<Path> children =
        Files.newDirectoryStream(directory, p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))) {
      for (Path child : children) {
        if (child.getFileName().toString().equals(name)) {
          found.add(child);
        }
        findCgroups(child, name, found);
      }
    } catch (NoSuchFileException | DirectoryIteratorException e) {
      // other programs' cgroups come and go
      return;
    }
  }

  static List<String> interfaces(String name) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/sys/class/net"))) {
      return all.map(p -> p.getFileName().toString()).filter(n -> n.startsWith(name)).toList();
    }
  }

  static void deleteTree(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path d, IOException e) throws IOException {
            Files.delete(d);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
