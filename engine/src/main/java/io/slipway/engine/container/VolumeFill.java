package io.slipway.engine.container;

import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.EntryCopier;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Docker's copy-up: a volume that is empty when it is first mounted gets what the image has there,
 * and the owner and mode of that directory.
 */
final class VolumeFill {
  private VolumeFill() {}

  static void fill(Snapshotter snapshots, Snapshot container, String target, Path volume)
      throws IOException {
    try (Dir to = Dir.open(volume)) {
      if (!to.names().isEmpty()) {
        return;
      }
      try (MountedView view = snapshots.view(container);
          Tree image = Tree.open(view.root())) {
        Optional<Dir> found = image.findDirectory(target);
        if (found.isPresent()) {
          try (Dir from = found.get()) {
            copyContent(from, to);
            to.apply(Metadata.of(from.status(), from.xattrs()));
          }
        }
      }
    }
  }

  private static void copyContent(Dir from, Dir to) throws LinuxException {
    for (String name : from.names()) {
      FileStatus status = from.status(name).orElseThrow();
      if (status.type() == FileStatus.S_IFSOCK) {
        continue;
      }
      Metadata metadata = from.metadata(name);
      EntryCopier.copy(from, name, to, name, metadata);
      if (status.isDirectory()) {
        try (Dir below = from.directory(name);
            Dir made = to.directory(name)) {
          copyContent(below, made);
        }
        to.setModified(name, metadata.modified());
      }
    }
  }
}
