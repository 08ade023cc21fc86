package io.slipway.builder.op;

import io.slipway.builder.graph.ExecMount;
import io.slipway.image.model.Digest;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Metadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The directories of cache mounts and who uses them now. One per daemon; safe for threads. */
final class CacheDirectories {
  private static final int DEFAULT_MODE = 0755;

  private final Path root;
  private final Map<String, Set<Integer>> usedAlone = new HashMap<>();

  /** A directory in use until it is closed. */
  interface Use extends AutoCloseable {
    Path path();

    @Override
    void close();
  }

  CacheDirectories(Path root) {
    this.root = root;
  }

  /** Waits, if the mount is locked, until nobody else uses it. */
  Use use(ExecMount.Cache mount) throws IOException, InterruptedException {
    String name = name(mount);
    int number =
        switch (mount.sharing()) {
          case SHARED -> 0;
          case LOCKED -> takeFirst(name);
          case PRIVATE -> takeAny(name);
        };
    Path path = root.resolve(number == 0 ? name : name + "-" + number);
    boolean alone = mount.sharing() != ExecMount.Sharing.SHARED;
    try {
      make(path, mount);
    } catch (IOException | RuntimeException e) {
      release(name, number, alone);
      throw e;
    }
    return new Use() {
      @Override
      public Path path() {
        return path;
      }

      @Override
      public void close() {
        release(name, number, alone);
      }
    };
  }

  /** Another owner or mode is another cache. */
  private static String name(ExecMount.Cache mount) {
    String identity =
        mount.id() + "\0" + mode(mount) + ":" + mount.uid().orElse(0) + ":" + mount.gid().orElse(0);
    return Digest.of(identity.getBytes(StandardCharsets.UTF_8)).hex();
  }

  private static int mode(ExecMount.Cache mount) {
    return mount.mode().orElse(DEFAULT_MODE);
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

  private synchronized void release(String name, int number, boolean alone) {
    if (alone) {
      usedAlone.get(name).remove(number);
      notifyAll();
    }
  }

  private void make(Path path, ExecMount.Cache mount) throws IOException {
    if (Files.exists(path)) {
      return;
    }
    Path temporary = Files.createTempDirectory(root, "new");
    try (Dir parent = Dir.open(root)) {
      int uid = (int) mount.uid().orElse(0);
      int gid = (int) mount.gid().orElse(0);
      var metadata = new Metadata(mode(mount), uid, gid, TarTime.EPOCH, Map.of());
      parent.apply(temporary.getFileName().toString(), metadata);
      // another step may have made it meanwhile; an empty directory is replaced by the same
      parent.rename(temporary.getFileName().toString(), parent, path.getFileName().toString());
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      if (!Files.exists(path)) {
        throw e;
      }
    }
  }
}
