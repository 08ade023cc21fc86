package io.slipway.engine.container;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.model.MountPoint;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.codec.Decompression;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.container.ContainerStartException;
import io.slipway.runtime.container.Identity;
import io.slipway.runtime.container.UserLookup;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.GraftedTree;
import io.slipway.runtime.layer.LayerApplier;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.spec.UserSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Files copied out of and into a container, whether it runs or not. */
final class ContainerArchive {
  /** The type bits of Go's file modes. */
  private static final long GO_DIRECTORY = 1L << 31;

  private static final long GO_SYMLINK = 1L << 27;
  private static final long GO_DEVICE = 1L << 26;
  private static final long GO_FIFO = 1L << 25;
  private static final long GO_SOCKET = 1L << 24;
  private static final long GO_SETUID = 1L << 23;
  private static final long GO_SETGID = 1L << 22;
  private static final long GO_CHARACTER = 1L << 21;
  private static final long GO_STICKY = 1L << 20;
  private static final int SETUID = 04000;
  private static final int SETGID = 02000;
  private static final int STICKY = 01000;
  private static final int PERMISSIONS = 0777;

  private final ContainerTrees trees;

  ContainerArchive(ContainerTrees trees) {
    this.trees = trees;
  }

  /** What is at a path, as the API's header has it. */
  record PathStat(
      @JsonProperty("name") String name,
      @JsonProperty("size") long size,
      @JsonProperty("mode") long mode,
      @JsonProperty("mtime") Instant modified,
      @JsonProperty("linkTarget") String linkTarget) {}

  /** How an archive is put into a container. */
  record Extraction(String path, boolean noOverwriteDirNonDir, boolean asContainerUser) {}

  /**
   * @param path as the client wrote it
   * @param called how the client called the container, for messages
   */
  PathStat stat(Container container, String path, String called) throws IOException {
    return trees.with(
        container,
        tree -> {
          try (GraftedTree.Place place = find(tree, path, false, called)) {
            return stat(tree, place, path);
          }
        });
  }

  private static PathStat stat(GraftedTree tree, GraftedTree.Place place, String path)
      throws IOException {
    FileStatus status = place.status();
    String link = "";
    if (status.isSymlink()) {
      // the whole way to its end, so that the client can ask for that next
      try (GraftedTree.Place end = tree.find(path, true).orElse(null)) {
        link = end == null ? place.linkTarget() : "/" + end.path();
      }
    }
    return new PathStat(
        baseName(path),
        status.size(),
        goMode(status),
        Instant.ofEpochSecond(status.mtimeSeconds(), status.mtimeNanos()),
        link);
  }

  /** Writes the path and all below it as a tar. */
  void read(Container container, String path, String called, OutputStream out) throws IOException {
    trees.with(
        container,
        tree -> {
          try (GraftedTree.Place place = find(tree, path, false, called)) {
            String name = baseName(path);
            tree.writeTar(place, name.equals("/") ? "" : name, out);
            return null;
          }
        });
  }

  /** Unpacks an archive, compressed or not, into a directory. */
  void write(Container container, Extraction wanted, String called, InputStream archive)
      throws IOException {
    trees.with(
        container,
        tree -> {
          try (GraftedTree.Place place = find(tree, wanted.path(), true, called)) {
            if (!place.isDirectory()) {
              throw SlipwayException.invalid("extraction point is not a directory");
            }
            requireWritable(container.record(), "/" + place.path());
            ApplyOptions options =
                options(container.record(), tree, wanted).withUsers(tree.users());
            new LayerApplier(options).apply(Decompression.open(archive), tree, place);
            return null;
          }
        });
  }

  private static ApplyOptions options(ContainerRecord record, GraftedTree tree, Extraction wanted)
      throws IOException {
    ApplyOptions options =
        wanted.noOverwriteDirNonDir() ? ApplyOptions.ARCHIVE.withKindsKept() : ApplyOptions.ARCHIVE;
    if (!wanted.asContainerUser() || record.config().user().isEmpty()) {
      return options;
    }
    try {
      Identity user = UserLookup.in(tree.root().fd()).resolve(UserSpec.of(record.config().user()));
      return options.withOwner(user.uid(), user.gid());
    } catch (ContainerStartException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, e.getMessage(), e);
    }
  }

  private static void requireWritable(ContainerRecord record, String path) {
    Optional<MountPoint> mount =
        record.mounts().stream()
            .filter(m -> path.equals(m.destination()) || path.startsWith(m.destination() + "/"))
            .max(Comparator.comparingInt(m -> m.destination().length()));
    if (mount.isPresent() && !mount.get().rw()) {
      throw SlipwayException.invalid("mounted volume is marked read-only");
    }
    if (mount.isEmpty() && record.hostConfig().readonlyRootfs()) {
      throw SlipwayException.invalid("container rootfs is marked read-only");
    }
  }

  private static GraftedTree.Place find(
      GraftedTree tree, String path, boolean follow, String called) throws IOException {
    Optional<GraftedTree.Place> found = tree.find(path, follow);
    if (found.isPresent() && !found.get().isDirectory() && path.endsWith("/")) {
      found.get().close();
      throw SlipwayException.invalid("not a directory: " + path);
    }
    return found.orElseThrow(() ->
        SlipwayException.notFound("Could not find the file " + path + " in container " + called));
  }

  /** The last name of a path as Go's {@code filepath.Base} has it. */
  private static String baseName(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return end == 0 ? "/" : path.substring(path.lastIndexOf('/', end - 1) + 1, end);
  }

  private static long goMode(FileStatus status) {
    int permissions = status.permissions();
    long mode = permissions & PERMISSIONS;
    mode |= (permissions & SETUID) != 0 ? GO_SETUID : 0;
    mode |= (permissions & SETGID) != 0 ? GO_SETGID : 0;
    mode |= (permissions & STICKY) != 0 ? GO_STICKY : 0;
    return mode
        | switch (status.type()) {
          case FileStatus.S_IFDIR -> GO_DIRECTORY;
          case FileStatus.S_IFLNK -> GO_SYMLINK;
          case FileStatus.S_IFBLK -> GO_DEVICE;
          case FileStatus.S_IFCHR -> GO_DEVICE | GO_CHARACTER;
          case FileStatus.S_IFIFO -> GO_FIFO;
          case FileStatus.S_IFSOCK -> GO_SOCKET;
          default -> 0;
        };
  }
}
