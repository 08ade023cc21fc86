package io.slipway.runtime.layer;

import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.TreeCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Makes the regular files of an archive. One that an earlier archive has left with the same bytes
 * is moved to its place: a new inode costs ext4 a look at every one that was freed in the last
 * minutes, a name does not.
 */
final class FileMaker implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;

  private final UpperTree upper;
  private final FormerFiles former;
  private final ApplyObserver observer;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(BUFFER);
  private final ByteBuffer bytes = buffer.asByteBuffer();

  /** Made for the first former file. */
  private MemorySegment scratch;

  FileMaker(UpperTree upper, FormerFiles former, ApplyObserver observer) {
    this.upper = upper;
    this.former = former;
    this.observer = observer;
  }

  /**
   * Makes a file.
   *
   * @param path of the entry, clean
   * @param dir where it leads to, links followed
   */
  void make(Dir dir, String path, TarEntry entry, Metadata wanted, TarReader body)
      throws IOException {
    String name = EntryPath.name(path);
    Optional<FormerFile> found =
        entry.xattrs().isEmpty() ? former.find(path, entry.size()) : Optional.empty();
    int read = body.read(bytes.clear());
    if (found.isEmpty()) {
      try (Fd fd = created(dir, name)) {
        write(dir, name, fd, entry, wanted, read, body);
      }
      return;
    }
    try (FormerFile same = found.get()) {
      long equal = 0;
      while (read >= 0 && isNext(same, read)) {
        observer.content(bytes.flip());
        equal += read;
        read = body.read(bytes.clear());
      }
      if (read < 0) {
        move(same, dir, name);
        finish(dir, name, same.file(), entry, wanted);
        return;
      }
      try (Fd fd = created(dir, name)) {
        same.copyStart(fd, equal);
        write(dir, name, fd, entry, wanted, read, body);
      }
    }
  }

  private boolean isNext(FormerFile file, int read) throws LinuxException {
    if (scratch == null) {
      scratch = arena.allocate(BUFFER);
    }
    return file.continuesWith(buffer.asSlice(0, read), scratch);
  }

  /** Writes what is in the buffer and what follows it. */
  private void write(
      Dir dir, String name, Fd fd, TarEntry entry, Metadata wanted, int inBuffer, TarReader body)
      throws IOException {
    int n = inBuffer;
    while (n >= 0) {
      FileCalls.writeFully(fd, buffer.asSlice(0, n));
      observer.content(bytes.flip());
      n = body.read(bytes.clear());
    }
    finish(dir, name, fd, entry, wanted);
  }

  private Fd created(Dir dir, String name) throws LinuxException {
    try {
      return dir.createFile(name);
    } catch (LinuxException e) {
      upper.clear(e, dir, name);
      return dir.createFile(name);
    }
  }

  private void move(FormerFile file, Dir dir, String name) throws LinuxException {
    try {
      file.moveTo(dir, name);
    } catch (LinuxException e) {
      upper.clear(e, dir, name);
      file.moveTo(dir, name);
    }
  }

  /** Most files need none of these calls: root owns them and the mode is set in one go. */
  private void finish(Dir dir, String name, Fd fd, TarEntry entry, Metadata wanted)
      throws IOException {
    FileStatus made = TreeCalls.status(fd);
    if (made.uid() != wanted.uid() || made.gid() != wanted.gid()) {
      dir.changeOwner(name, wanted.uid(), wanted.gid());
    }
    dir.setXattrs(name, wanted.xattrs());
    if (made.permissions() != wanted.permissions()) {
      TreeCalls.changeMode(OpenFlags.AT_FDCWD, fd.path().toString(), wanted.permissions());
    }
    if (made.mtimeSeconds() != wanted.modified().seconds()
        || made.mtimeNanos() != wanted.modified().nanos()) {
      dir.setModified(name, wanted.modified());
    }
    observer.file(entry, fd);
  }

  @Override
  public void close() {
    arena.close();
  }
}
