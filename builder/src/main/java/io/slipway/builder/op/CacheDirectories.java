package io.slipway.builder.op;

import io.slipway.builder.graph.ExecMount;
import io.slipway.image.codec.Decompression;
import io.slipway.image.model.Digest;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.LayerApplier;
import io.slipway.runtime.layer.LayerWriter;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.layer.WriterOptions;
import io.slipway.runtime.snapshot.UsageMeter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The directories of cache mounts and who uses them now. One per daemon; safe for threads. */
final class CacheDirectories {
  private static final String NEW = "new";
  private static final String REMOVED = "removed";

  private final Path root;
  private final Path ids;
  private final Map<String, Integer> users = new HashMap<>();
  private final Map<String, Set<Integer>> usedAlone = new HashMap<>();

  /** A directory in use until it is closed. */
  interface Use extends AutoCloseable {
    Path path();

    @Override
    void close();
  }

  /** What a new directory holds. */
  interface Content {
    /** Nothing. */
    Content NONE =
        new Content() {
          @Override
          public String name() {
            return "";
          }

          @Override
          public void writeTo(Path directory) {}
        };

    /** Another name is another cache. */
    String name();

    /** Fills an empty directory. */
    void writeTo(Path directory) throws IOException, InterruptedException;
  }

  /**
   * @param root of the directories
   * @param ids of a file for each directory that holds the mount's id and the time of its last use
   */
  CacheDirectories(Path root, Path ids) throws IOException {
    this.root = root;
    this.ids = ids;
    for (String leftover : names()) {
      if (leftover.startsWith(NEW) || leftover.startsWith(REMOVED)) {
        delete(leftover);
      }
    }
  }

  /** Waits, if the mount is locked, until nobody else uses it. */
  Use use(ExecMount.Cache mount, Content content) throws IOException, InterruptedException {
    String name = name(mount, content.name());
    int number =
        switch (mount.sharing()) {
          case SHARED -> 0;
          case LOCKED -> takeFirst(name);
          case PRIVATE -> takeAny(name);
        };
    String directory = number == 0 ? name : name + "-" + number;
    Path path = root.resolve(directory);
    boolean alone = mount.sharing() != ExecMount.Sharing.SHARED;
    hold(directory);
    try {
      make(path, mount, content);
      Files.writeString(ids.resolve(directory), mount.id());
    } catch (IOException | InterruptedException | RuntimeException e) {
      release(name, number, alone, directory);
      throw e;
    }
    return new Use() {
      @Override
      public Path path() {
        return path;
      }

      @Override
      public void close() {
        release(name, number, alone, directory);
      }
    };
  }

  boolean exists(ExecMount.Cache mount) {
    return Files.exists(root.resolve(name(mount, "")));
  }

  /** Makes the directory of a tar, compressed or not; does nothing if it exists. */
  void fill(ExecMount.Cache mount, InputStream tar) throws IOException {
    String name = name(mount, "");
    String temporary = NEW + UUID.randomUUID();
    Files.createDirectory(root.resolve(temporary));
    try (Dir parent = Dir.open(root)) {
      try (InputStream plain = Decompression.open(tar)) {
        new LayerApplier(ApplyOptions.ARCHIVE)
            .apply(plain, root.resolve(temporary), Optional.empty());
      }
      parent.apply(temporary, metadata(mount));
      Files.writeString(ids.resolve(name), mount.id());
      if (!exists(mount)) {
        parent.rename(temporary, parent, name);
      }
    } finally {
      delete(temporary);
    }
  }

  /** Writes the directory as a tar. */
  void pack(ExecMount.Cache mount, OutputStream out) throws IOException {
    String name = name(mount, "");
    hold(name);
    try {
      new LayerWriter(WriterOptions.PLAIN).write(root.resolve(name), Optional.empty(), out);
    } finally {
      release(name, 0, false, name);
    }
  }

  private static Metadata metadata(ExecMount.Cache mount) {
    int uid = (int) mount.uid().orElse(0);
    int gid = (int) mount.gid().orElse(0);
    return new Metadata(mount.modeOrDefault(), uid, gid, TarTime.EPOCH, Map.of());
  }

  /** What there is, with what it takes on disk. */
  List<CacheMountInfo> list() throws IOException {
    var mounts = new ArrayList<CacheMountInfo>();
    for (String name : names()) {
      Path id = ids.resolve(name);
      if (Files.exists(id)) {
        int dash = name.indexOf('-');
        mounts.add(
            new CacheMountInfo(
                name,
                dash < 0 ? "" : name.substring(dash),
                Files.readString(id),
                UsageMeter.measure(root.resolve(name)).bytes(),
                Files.readAttributes(root.resolve(name), BasicFileAttributes.class)
                    .creationTime()
                    .toInstant(),
                Files.getLastModifiedTime(id).toInstant(),
                isUsed(name)));
      }
    }
    return mounts;
  }

  /** False if a step uses it now, or if there is none of this name. */
  boolean remove(String name) throws IOException {
    String gone = REMOVED + UUID.randomUUID();
    synchronized (this) {
      if (users.containsKey(name) || !Files.exists(root.resolve(name))) {
        return false;
      }
      Files.move(root.resolve(name), root.resolve(gone));
      Files.deleteIfExists(ids.resolve(name));
    }
    delete(gone);
    return true;
  }

  private List<String> names() throws IOException {
    try (Dir dir = Dir.open(root)) {
      return dir.names();
    }
  }

  private void delete(String name) throws IOException {
    try (Dir dir = Dir.open(root)) {
      dir.remove(name);
    }
  }

  private synchronized boolean isUsed(String name) {
    return users.containsKey(name);
  }

  /** From now on it is not removed. */
  private synchronized void hold(String directory) {
    users.merge(directory, 1, Integer::sum);
  }

  /** Another owner or mode is another cache. */
  private static String name(ExecMount.Cache mount, String content) {
    String identity =
        mount.id()
            + "\0"
            + mount.modeOrDefault()
            + ":"
            + mount.uid().orElse(0)
            + ":"
            + mount.gid().orElse(0)
            + (content.isEmpty() ? "" : "\0" + content);
    return Digest.of(identity.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private synchronized int takeFirst(String name) throws InterruptedException {
    Set<Integer> used = usedAlone.computeIfAbsent(name, n -> new HashSet<>());
    while (!used.add(0)) {
      wait();
    }
    return 0;
  }

  private synchronized int takeAny(String name) {
    Set<Integer> used = usedAlone.computeIfAbsent(name, n -> new HashSet<>());
    int number = 0;
    while (!used.add(number)) {
      number++;
    }
    return number;
  }

  private synchronized void release(String name, int number, boolean alone, String directory) {
    users.computeIfPresent(directory, (d, count) -> count == 1 ? null : count - 1);
    if (alone) {
      usedAlone.get(name).remove(number);
      notifyAll();
    }
  }

  private void make(Path path, ExecMount.Cache mount, Content content)
      throws IOException, InterruptedException {
    if (Files.exists(path)) {
      return;
    }
    Path temporary = Files.createTempDirectory(root, NEW);
    try (Dir parent = Dir.open(root)) {
      content.writeTo(temporary);
      parent.apply(temporary.getFileName().toString(), metadata(mount));
      // another step may have made it meanwhile; an empty directory is replaced by the same
      parent.rename(temporary.getFileName().toString(), parent, path.getFileName().toString());
    } catch (IOException | InterruptedException | RuntimeException e) {
      try (Dir parent = Dir.open(root)) {
        parent.remove(temporary.getFileName().toString());
      }
      if (!Files.exists(path)) {
        throw e;
      }
    }
  }
}
