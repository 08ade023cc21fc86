package io.slipway.runtime.layer;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How a container's tree differs from what the kernel shows: directories and files of the host that
 * belong to it although nothing has mounted them there (the volumes of a container that does not
 * run), and directories whose content is none of it (a running container's {@code /proc}).
 */
public final class Grafts {
  public static final Grafts NONE = new Grafts(Map.of(), Set.of());

  private final Map<String, Path> points;
  private final Set<String> closed;

  private Grafts(Map<String, Path> points, Set<String> closed) {
    this.points = new TreeMap<>(points);
    this.closed = Set.copyOf(closed);
  }

  /**
   * @param points what is at which absolute path of the tree
   */
  public static Grafts of(Map<String, Path> points) {
    Map<String, Path> clean = new TreeMap<>();
    points.forEach((path, host) -> clean.put(EntryPath.clean(path), host));
    return new Grafts(clean, Set.of());
  }

  /**
   * @param directories clean paths whose content is not shown, and where nothing can be put
   */
  public static Grafts closing(Set<String> directories) {
    return new Grafts(Map.of(), directories);
  }

  boolean isEmpty() {
    return points.isEmpty() && closed.isEmpty();
  }

  boolean isClosed(String path) {
    return closed.contains(path);
  }

  /** What is grafted at a clean path. */
  Optional<Path> at(String path) {
    return Optional.ofNullable(points.get(path));
  }

  /** The names grafted into a directory. */
  List<String> namesIn(String directory) {
    return points.keySet().stream()
        .filter(path -> EntryPath.parent(path).equals(directory))
        .map(EntryPath::name)
        .toList();
  }
}
