package io.slipway.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What a daemon in this process holds of the machine. Threads are those of the platform; the
 * interfaces are those on the daemon's bridge.
 */
record MachineUse(
    long descriptors, long threads, long children, long mounts, long cgroups, long interfaces) {

  static MachineUse of(String name) throws IOException {
    return new MachineUse(
        entries(Path.of("/proc/self/fd")),
        entries(Path.of("/proc/self/task")),
        ProcessHandle.current().children().count(),
        Files.readAllLines(Path.of("/proc/self/mountinfo")).size(),
        containerCgroups(name),
        entries(Path.of("/sys/class/net", name, "brif")));
  }

  private static long entries(Path directory) throws IOException {
    String[] names = directory.toFile().list();
    return names == null ? 0 : Arrays.stream(names).count();
  }

  private static long containerCgroups(String name) throws IOException {
    long count = 0;
    for (Path parent : Leftovers.cgroups(name)) {
      try (Stream<Path> below = Files.list(parent)) {
        count += below.filter(Files::isDirectory).count();
      }
    }
    return count;
  }

  /** Whether nothing has grown; pools and caches of the JVM may take so many more. */
  boolean isWithin(MachineUse before, int slack) {
    return descriptors <= before.descriptors + slack
        && threads <= before.threads + slack
        && children <= before.children
        && mounts <= before.mounts
        && cgroups <= before.cgroups
        && interfaces <= before.interfaces;
  }
}
