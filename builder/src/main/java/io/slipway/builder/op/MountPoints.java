package io.slipway.builder.op;

import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.MountSpec;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files and directories that mounts are attached to: what is missing is made before a command
 * runs and taken away afterwards, if the command left it empty, so that it is not in the layer.
 */
final class MountPoints {
  private final Tree tree;
  private final Deque<Made> made = new ArrayDeque<>();
  private final Map<String, TarTime> parentTimes = new LinkedHashMap<>();

  private record Made(String parent, String name, boolean directory) {}

  MountPoints(Tree tree) {
    this.tree = tree;
  }

  /** A tmpfs without a mode of its own is as open as the directory that it covers, as in runc. */
  ContainerSpec covered(ContainerSpec spec) throws IOException {
    var mounts = new ArrayList<MountSpec>();
    for (MountSpec mount : spec.mounts()) {
      boolean open = mount instanceof MountSpec.Tmpfs tmpfs && !tmpfs.data().contains("mode=");
      mounts.add(open ? covered((MountSpec.Tmpfs) mount) : mount);
    }
    return spec.with(changed -> changed.mounts(mounts));
  }

  private MountSpec covered(MountSpec.Tmpfs tmpfs) throws IOException {
    Optional<FileStatus> there = tree.status(tmpfs.target());
    if (there.isEmpty() || !there.get().isDirectory()) {
      return tmpfs;
    }
    String mode = "mode=" + Integer.toOctalString(there.get().permissions());
    String data = tmpfs.data().isEmpty() ? mode : tmpfs.data() + "," + mode;
    return new MountSpec.Tmpfs(tmpfs.target(), tmpfs.options(), data);
  }

  /** Makes what is missing of a path; its parents are directories. */
  void prepare(String path, boolean directory) throws IOException {
    String resolved = tree.resolve(path);
    String[] names = resolved.substring(1).split("/");
    var parent = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      boolean last = i == names.length - 1;
      prepare(parent.toString(), names[i], !last || directory);
      parent.append('/').append(names[i]);
    }
  }

  private void prepare(String parent, String name, boolean directory) throws IOException {
    Optional<Dir> found = tree.findDirectory(parent);
    if (found.isEmpty()) {
      // something else is in the way; attaching the mount will say so
      return;
    }
    try (Dir dir = found.get()) {
      if (dir.status(name).isPresent()) {
        return;
      }
      FileStatus status = dir.status();
      parentTimes.putIfAbsent(parent, new TarTime(status.mtimeSeconds(), status.mtimeNanos()));
      if (directory) {
        dir.makeDirectory(name);
      } else {
        dir.createFile(name).close();
      }
      made.push(new Made(parent, name, directory));
    }
  }

  /** Takes away what was made and is still empty, and sets the parents' times back. */
  void remove() throws IOException {
    while (!made.isEmpty()) {
      remove(made.pop());
    }
    for (Map.Entry<String, TarTime> parent : parentTimes.entrySet()) {
      Optional<Dir> found = tree.findDirectory(parent.getKey());
      if (found.isPresent()) {
        try (Dir dir = found.get()) {
          FileStatus status = dir.status();
          if (status.isDirectory()) {
            restore(parent.getKey(), parent.getValue());
          }
        }
      }
    }
  }

  private void remove(Made point) throws IOException {
    Optional<Dir> found = tree.findDirectory(point.parent());
    if (found.isEmpty()) {
      return;
    }
    try (Dir dir = found.get()) {
      Optional<FileStatus> status = dir.status(point.name());
      if (status.isPresent() && isEmpty(dir, point, status.get())) {
        dir.remove(point.name());
      }
    }
  }

  private static boolean isEmpty(Dir dir, Made point, FileStatus status) throws IOException {
    if (!point.directory()) {
      return status.isRegular() && status.size() == 0;
    }
    if (!status.isDirectory()) {
      return false;
    }
    try (Dir child = dir.directory(point.name())) {
      return child.names().isEmpty();
    }
  }

  private void restore(String path, TarTime time) throws IOException {
    if (path.isEmpty()) {
      // the root is not an entry of a layer
      return;
    }
    int slash = path.lastIndexOf('/');
    try (Dir parent = tree.directory(path.substring(0, slash))) {
      parent.setModified(path.substring(slash + 1), time);
    }
  }
}
