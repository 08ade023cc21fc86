package io.slipway.runtime.container;

import io.slipway.runtime.spec.DeviceNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The device files below the host's {@code /dev}, without those that each container has anew. */
public final class DeviceFiles {
  private static final Path DEV = Path.of("/dev");
  private static final Set<Path> OWN =
      Set.of(DEV.resolve("pts"), DEV.resolve("shm"), DEV.resolve("mqueue"), DEV.resolve("fd"));
  private static final String NAME_FIELD = "DEVNAME=";
  private static final int TYPE = 0170000;
  private static final int CHARACTER = 0020000;
  private static final int BLOCK = 0060000;
  private static final int PERMISSIONS = 07777;

  private DeviceFiles() {}

  /** All there are now, for a container that may use every device. */
  public static List<DeviceNode> list() throws IOException {
    List<DeviceNode> nodes = new ArrayList<>();
    walk(
        DEV,
        OWN,
        file -> {
          if (!file.equals(DEV.resolve("console"))) {
            add(file, file.toString(), nodes);
          }
        });
    return nodes;
  }

  /**
   * The host's file of a device.
   *
   * @throws java.nio.file.NoSuchFileException if it has none
   */
  static Path hostPath(DeviceNode device) throws IOException {
    Number wanted = new Number(device.major(), device.minor());
    Path same = Path.of(device.path());
    if (Files.exists(same) && number(same).equals(wanted)) {
      return same;
    }
    String kind = device.type() == DeviceNode.Type.BLOCK ? "block" : "char";
    String number = device.major() + ":" + device.minor();
    return Files.readAllLines(Path.of("/sys/dev", kind, number, "uevent")).stream()
        .filter(line -> line.startsWith(NAME_FIELD))
        .map(line -> DEV.resolve(line.substring(NAME_FIELD.length())))
        .findFirst()
        .orElseThrow(() -> new NoSuchFileException(device.path()));
  }

  private interface Visit {
    void file(Path file) throws IOException;
  }

  private static void walk(Path start, Set<Path> skipped, Visit visit) throws IOException {
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes ignored) {
            return skipped.contains(directory)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isOther()) {
              visit.file(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            // a device may come and go while this looks
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** What the kernel calls a device. */
  public record Number(long major, long minor) {}

  /** The device that a path leads to; 0:0 for another file, which the kernel will refuse. */
  public static Number number(Path path) throws IOException {
    return numberOf((Long) Files.readAttributes(path, "unix:rdev").get("rdev"));
  }

  /**
   * A device of the host under another name, or those below a directory; none if the path is
   * something else. As in Docker, a link stands for what it leads to, but not one inside a
   * directory.
   *
   * @param inside its path in a container
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  public static List<DeviceNode> at(Path path, String inside) throws IOException {
    Path real = path.toRealPath();
    List<DeviceNode> nodes = new ArrayList<>();
    walk(
        real,
        Set.of(),
        file -> {
          String below = real.relativize(file).toString();
          add(file, below.isEmpty() ? inside : inside + "/" + below, nodes);
        });
    return nodes;
  }

  private static void add(Path file, String inside, List<DeviceNode> nodes) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(file, "unix:mode,rdev,uid,gid", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) facts.get("mode");
    int type = mode & TYPE;
    if (type != CHARACTER && type != BLOCK) {
      return;
    }
    Number number = numberOf((Long) facts.get("rdev"));
    nodes.add(
        new DeviceNode(
            inside,
            type == BLOCK ? DeviceNode.Type.BLOCK : DeviceNode.Type.CHARACTER,
            number.major(),
            number.minor(),
            mode & PERMISSIONS,
            (Integer) facts.get("uid"),
            (Integer) facts.get("gid")));
  }

  /** As glibc splits {@code dev_t}. */
  private static Number numberOf(long device) {
    return new Number(
        device >>> 8 & 0xfff | device >>> 32 & ~0xfffL, device & 0xff | device >>> 12 & ~0xffL);
  }
}
