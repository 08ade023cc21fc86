package io.slipway.runtime.container;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** What a start may not leave behind in this process and on this machine. */
record Leaks(long descriptors, List<Long> children, List<String> mounts, long cgroups) {

  static Leaks now() throws IOException {
    return new Leaks(
        new java.io.File("/proc/self/fd").list().length,
        ProcessHandle.current().children().map(ProcessHandle::pid).toList(),
        Files.readAllLines(Path.of("/proc/self/mountinfo")),
        cgroupDirectories());
  }

  private static long cgroupDirectories() throws IOException {
    CountDirectories own =
        new CountDirectories("slipway-test-" + ProcessHandle.current().pid() + "/");
    Files.walkFileTree(Path.of("/sys/fs/cgroup"), own);
    return own.count;
  }

  /** Counts this test's directories; those of other programs come and go meanwhile. */
  private static final class CountDirectories extends SimpleFileVisitor<Path> {
    private final String part;
    private long count;

    CountDirectories(String part) {
      this.part = part;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      count += directory.toString().contains(part) ? 1 : 0;
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      return goneOr(e);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
      return e == null ? FileVisitResult.CONTINUE : goneOr(e);
    }

    private static FileVisitResult goneOr(IOException e) throws IOException {
      // A cgroup that vanishes while it is listed answers ENODEV instead.
      boolean gone =
          e instanceof NoSuchFileException || String.valueOf(e.getMessage()).contains("No such");
      if (!gone) {
        throw e;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
