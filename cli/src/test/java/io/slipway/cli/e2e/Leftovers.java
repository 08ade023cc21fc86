package io.slipway.cli.e2e;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** What a daemon has on the machine at this moment besides its images. */
final class Leftovers {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private Leftovers() {}

  /** Mounts, processes, cgroups and unfinished files of the daemon; none when it has no work. */
  static List<String> of(SlipwayDaemon daemon) throws IOException {
    List<String> found = new ArrayList<>();
    Path directory = daemon.dataRoot().getParent();
    for (String mount : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (mount.contains(directory + "/") && !mount.contains(" - tmpfs ")) {
        found.add("mount " + mount);
      }
    }
    for (Path cgroup : cgroups(daemon)) {
      found.addAll(inCgroup(cgroup));
    }
    found.addAll(interfaces(daemon));
    found.addAll(unfinished(daemon.dataRoot()));
    return found;
  }

  /** The cgroup and its processes; nothing when it went away while it was looked at. */
  private static List<String> inCgroup(Path cgroup) throws IOException {
    List<String> found = new ArrayList<>();
    found.add("cgroup " + cgroup);
    try {
      FileCalls.readText(cgroup.resolve("cgroup.procs"))
          .lines()
          .forEach(p -> found.add("process " + p));
    } catch (LinuxException failed) {
      // A cgroup that is being removed answers ENODEV while its directory may still be seen.
      if (!failed.is(Errno.ENODEV) && !failed.is(Errno.ENOENT)) {
        throw failed;
      }
      return List.of();
    }
    return found;
  }

  /** Cgroups of containers and build steps. */
  private static List<Path> cgroups(SlipwayDaemon daemon) throws IOException {
    String own = "/" + daemon.cgroupName() + "/";
    return find(CGROUPS, 6, (path, is) -> is.isDirectory() && path.toString().contains(own));
  }

  /** Interfaces on the daemon's bridge. */
  private static List<String> interfaces(SlipwayDaemon daemon) throws IOException {
    Path ports = Path.of("/sys/class/net", daemon.network().bridge(), "brif");
    if (!Files.isDirectory(ports)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(ports)) {
      return all.map(port -> "interface " + port.getFileName()).toList();
    }
  }

  private static List<String> unfinished(Path dataRoot) throws IOException {
    return find(
            dataRoot,
            4,
            (path, is) ->
                is.isRegularFile()
                    && (path.toString().endsWith(".tmp")
                        || path.toString().contains("/blobs/ingest/")))
        .stream()
        .map(path -> "file " + path)
        .toList();
  }

  /** As {@link Files#find}, but what goes away during the walk was not there. */
  private static List<Path> find(Path top, int depth, BiPredicate<Path, BasicFileAttributes> wanted)
      throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        top,
        Set.of(),
        depth,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes is) {
            return visitFile(path, is);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes is) {
            if (wanted.test(path, is)) {
              found.add(path);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException failed) throws IOException {
            return goneOr(failed);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path path, IOException failed)
              throws IOException {
            return failed == null ? FileVisitResult.CONTINUE : goneOr(failed);
          }
        });
    return found;
  }

  private static FileVisitResult goneOr(IOException failed) throws IOException {
    if (failed instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw failed;
  }
}
