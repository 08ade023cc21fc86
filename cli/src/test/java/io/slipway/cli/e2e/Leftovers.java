package io.slipway.cli.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      found.add("cgroup " + cgroup);
      Path processes = cgroup.resolve("cgroup.procs");
      Files.readAllLines(processes).forEach(pid -> found.add("process " + pid));
    }
    found.addAll(interfaces(daemon));
    found.addAll(unfinished(daemon.dataRoot()));
    return found;
  }

  /** Cgroups of containers and build steps. */
  private static List<Path> cgroups(SlipwayDaemon daemon) throws IOException {
    String own = "/" + daemon.cgroupName() + "/";
    try (Stream<Path> tree =
        Files.find(CGROUPS, 6, (path, is) -> is.isDirectory() && path.toString().contains(own))) {
      return tree.toList();
    }
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
    List<String> found = new ArrayList<>();
    try (Stream<Path> tree =
        Files.find(
            dataRoot,
            4,
            (path, is) ->
                is.isRegularFile()
                    && (path.toString().endsWith(".tmp")
                        || path.toString().contains("/blobs/ingest/")))) {
      tree.forEach(path -> found.add("file " + path));
    }
    return found;
  }
}
