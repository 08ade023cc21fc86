package io.slipway.builder.op;

import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.MountCalls;
import io.slipway.runtime.linux.MountFlags;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/**
 * Files of one step that must not reach a disk: in memory, on a detached mount that is in no mount
 * table and ends with the step.
 */
final class SecretFiles implements AutoCloseable {
  private final Fd mount;
  private final Dir directory;
  private final Deque<Fd> files = new ArrayDeque<>();

  private SecretFiles(Fd mount, Dir directory) {
    this.mount = mount;
    this.directory = directory;
  }

  static SecretFiles open() throws IOException {
    Fd mount;
    try (Fd context = MountCalls.fsOpen("tmpfs")) {
      MountCalls.fsSetString(context, "mode", "0700");
      MountCalls.fsCreate(context, "tmpfs for secrets");
      long attributes = MountFlags.MOUNT_ATTR_NOSUID | MountFlags.MOUNT_ATTR_NODEV;
      mount = MountCalls.fsMount(context, attributes, "tmpfs for secrets");
    }
    try {
      return new SecretFiles(mount, Dir.open(mount.path()));
    } catch (IOException | RuntimeException e) {
      mount.close();
      throw e;
    }
  }

  /** The directory of the files, for what is made in other ways. */
  Dir directory() {
    return directory;
  }

  /** A new file with this content; the descriptor stays open until this is closed. */
  Fd file(byte[] content, int mode, long uid, long gid) throws IOException {
    String name = Integer.toString(files.size());
    try (Fd file = directory.createFile(name)) {
      FileCalls.writeFully(file, content);
    }
    own(name, mode, uid, gid);
    Fd opened = directory.openFile(name);
    files.push(opened);
    return opened;
  }

  /** Gives a name its owner and mode. */
  void own(String name, int mode, long uid, long gid) throws IOException {
    directory.apply(name, new Metadata(mode, (int) uid, (int) gid, TarTime.EPOCH, Map.of()));
  }

  @Override
  public void close() {
    files.forEach(Fd::close);
    directory.close();
    mount.close();
  }
}
