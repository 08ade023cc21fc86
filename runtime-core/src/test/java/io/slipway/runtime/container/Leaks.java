package io.slipway.runtime.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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
    String own = "slipway-test-" + ProcessHandle.current().pid();
    long count = 0;
    try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
      for (Path hierarchy : hierarchies.filter(Files::isDirectory).toList()) {
        try (Stream<Path> tree = Files.walk(hierarchy)) {
          count +=
              tree.filter(p -> p.toString().contains(own + "/")).filter(Files::isDirectory).count();
        }
      }
    }
    return count;
  }
}
