package io.slipway.runtime.container;

import io.slipway.runtime.spec.DeviceNode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
  private static final int TYPE = 0170000;
  private static final int CHARACTER = 0020000;
  private static final int BLOCK = 0060000;
  private static final int PERMISSIONS = 07777;

  private DeviceFiles() {}

  /** All there are now, for a container that may use every device. */
  public static List<DeviceNode> list() throws IOException {
    List<DeviceNode> nodes = new ArrayList<>();
    Files.walkFileTree(
        DEV,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes ignored) {
            return OWN.contains(directory)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isOther()) {
              add(file, nodes);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            // a device may come and go while this looks
            return FileVisitResult.CONTINUE;
          }
        });
    return nodes;
  }

  private static void add(Path file, List<DeviceNode> nodes) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(file, "unix:mode,rdev,uid,gid", LinkOption.NOFOLLOW_LINKS);
    int mode = (Integer) facts.get("mode");
    int type = mode & TYPE;
    if (type != CHARACTER && type != BLOCK || file.equals(DEV.resolve("console"))) {
      return;
    }
    long device = (Long) facts.get("rdev");
    nodes.add(
        new DeviceNode(
            file.toString(),
            type == BLOCK ? DeviceNode.Type.BLOCK : DeviceNode.Type.CHARACTER,
            major(device),
            minor(device),
            mode & PERMISSIONS,
            (Integer) facts.get("uid"),
            (Integer) facts.get("gid")));
  }

  /** As glibc splits {@code dev_t}. */
  private static long major(long device) {
    return device >>> 8 & 0xfff | device >>> 32 & ~0xfffL;
  }

  private static long minor(long device) {
    return device & 0xff | device >>> 12 & ~0xffL;
  }
}
