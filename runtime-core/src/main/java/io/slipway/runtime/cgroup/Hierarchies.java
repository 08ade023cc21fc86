package io.slipway.runtime.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the mounted hierarchies in {@code /proc/self/mountinfo} and the daemon's place in them in
 * {@code /proc/self/cgroup}.
 */
record Hierarchies(List<Hierarchy> all) {
  private static final Set<String> CONTROLLERS =
      Set.of(
          "cpu",
          "cpuacct",
          "cpuset",
          "memory",
          "devices",
          "freezer",
          "blkio",
          "pids",
          "hugetlb",
          "net_cls",
          "net_prio",
          "perf_event",
          "rdma",
          "misc");

  Hierarchies {
    all = List.copyOf(all);
  }

  static Hierarchies detect() throws IOException {
    return detect(Path.of("/proc/self"));
  }

  /** With another directory in place of {@code /proc/self}, for tests. */
  static Hierarchies detect(Path proc) throws IOException {
    Map<String, String> own = ownPaths(Files.readAllLines(proc.resolve("cgroup")));
    Map<String, Hierarchy> found = new LinkedHashMap<>();
    for (String line : Files.readAllLines(proc.resolve("mountinfo"))) {
      Mount mount = Mount.parse(line);
      if (mount.type().equals("cgroup")) {
        Hierarchy hierarchy = v1(mount, own);
        found.putIfAbsent(key(mount), hierarchy);
      } else if (mount.type().equals("cgroup2")) {
        found.putIfAbsent("", v2(mount, own));
      }
    }
    return new Hierarchies(new ArrayList<>(found.values()));
  }

  /** Those in which this user may make cgroups. */
  Hierarchies writable() {
    return new Hierarchies(all.stream().filter(h -> Files.isWritable(h.base())).toList());
  }

  CgroupMode mode() {
    boolean v2 = all.stream().anyMatch(h -> h.version() == CgroupVersion.V2);
    boolean v1 = all.stream().anyMatch(h -> h.version() == CgroupVersion.V1);
    if (v1) {
      return v2 ? CgroupMode.HYBRID : CgroupMode.V1;
    }
    return CgroupMode.V2;
  }

  /** A line of mountinfo: the optional fields end with a lone dash. */
  private record Mount(String root, Path point, String type, Set<String> options) {
    static Mount parse(String line) {
      String[] halves = line.split(" - ", 2);
      String[] left = halves[0].split(" ");
      String[] right = halves[1].split(" ");
      Set<String> options = new HashSet<>(Arrays.asList(right[2].split(",")));
      return new Mount(unescape(left[3]), Path.of(unescape(left[4])), right[0], options);
    }

    private static String unescape(String text) {
      return text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
  }

  /** What names a v1 hierarchy: its controllers, or {@code name=systemd}. */
  private static String key(Mount mount) {
    List<String> parts = new ArrayList<>();
    for (String option : mount.options()) {
      if (CONTROLLERS.contains(option) || option.startsWith("name=")) {
        parts.add(option);
      }
    }
    parts.sort(null);
    return String.join(",", parts);
  }

  /** Each controller (and {@code name=x}, and "" for v2) to the daemon's cgroup. */
  private static Map<String, String> ownPaths(List<String> lines) {
    Map<String, String> paths = new HashMap<>();
    for (String line : lines) {
      String[] parts = line.split(":", 3);
      for (String controller : parts[1].split(",")) {
        paths.put(controller, parts[2]);
      }
    }
    return paths;
  }

  private static Hierarchy v1(Mount mount, Map<String, String> own) {
    Set<String> controllers = new HashSet<>(mount.options());
    controllers.retainAll(CONTROLLERS);
    String name = key(mount).split(",")[0];
    String path = own.getOrDefault(name, "/");
    return new Hierarchy(CgroupVersion.V1, mount.point(), inMount(mount, path), controllers);
  }

  private static Hierarchy v2(Mount mount, Map<String, String> own) throws IOException {
    String ownPath = inMount(mount, own.getOrDefault("", "/"));
    Path list = mount.point().resolve("cgroup.controllers");
    Set<String> controllers =
        Files.exists(list)
            ? new HashSet<>(Arrays.asList(Files.readString(list).strip().split(" ")))
            : Set.of();
    controllers.remove("");
    return new Hierarchy(CgroupVersion.V2, mount.point(), ownPath, controllers);
  }

  /** Inside a container the mount shows only a part: its root is not the hierarchy's root. */
  private static String inMount(Mount mount, String path) {
    if (mount.root().equals("/")) {
      return path.startsWith("/..") ? "/" : path;
    }
    return path.startsWith(mount.root()) ? path.substring(mount.root().length()) : "/";
  }
}
