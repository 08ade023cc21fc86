package io.slipway.runtime.layer;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarType;
import io.slipway.image.tar.TarWriter;
import io.slipway.runtime.linux.DeviceNumber;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the changes of a snapshot as a layer's tar. The same tree always gives the same bytes:
 * sorted, modification times in whole seconds, nothing of inode numbers, access times or user
 * names. The root is no entry, no opaque marker is ever written, sockets are left out; the first
 * name of a file with several carries its content.
 */
public final class LayerWriter {
  private static final int BUFFER = 256 * 1024;

  private final WriterOptions options;

  public LayerWriter(WriterOptions options) {
    this.options = options;
  }

  /**
   * Writes the archive; the stream is flushed, not closed.
   *
   * @param changes a snapshot's directory of changes in overlay format; with no {@code below} any
   *     tree
   * @param below root of the merged layers below, to compare with
   * @return number of entries
   */
  public long write(Path changes, Optional<Path> below, OutputStream out) throws IOException {
    TarWriter tar = new TarWriter(out);
    try (Arena arena = Arena.ofConfined()) {
      Entries entries = new Entries(tar, arena.allocate(BUFFER));
      ChangeWalk.walk(changes, below, options.excluded(), entries);
      tar.finish();
      return entries.count;
    }
  }

  private record Inode(long device, long number) {}

  private final class Entries implements ChangeVisitor {
    private final TarWriter tar;
    private final MemorySegment buffer;
    private final byte[] bytes = new byte[BUFFER];
    private final Map<Inode, String> firstNames = new HashMap<>();
    private long count;

    Entries(TarWriter tar, MemorySegment buffer) {
      this.tar = tar;
      this.buffer = buffer;
    }

    @Override
    public void present(ChangeKind kind, String path, Dir dir, String name, FileStatus status)
        throws IOException {
      Cancellation.check("writing a layer");
      count++;
      if (status.isRegular()) {
        file(path, dir, name, status);
      } else {
        TarType type = type(status);
        String link = type == TarType.SYMLINK ? dir.readLink(name) : "";
        tar.put(entry(path, type, status, 0, link, dir.xattrs(name)));
      }
    }

    @Override
    public void deleted(String path) throws IOException {
      count++;
      int slash = path.lastIndexOf('/') + 1;
      String hidden = path.substring(0, slash) + Whiteouts.PREFIX + path.substring(slash);
      tar.put(TarEntry.file(hidden, 0, 0, TarTime.EPOCH));
    }

    private void file(String path, Dir dir, String name, FileStatus status) throws IOException {
      if (status.links() > 1) {
        String first = firstNames.putIfAbsent(new Inode(status.device(), status.inode()), path);
        if (first != null) {
          tar.put(entry(path, TarType.HARD_LINK, status, 0, first, Map.of()));
          return;
        }
      }
      tar.put(entry(path, TarType.FILE, status, status.size(), "", dir.xattrs(name)));
      try (Fd fd = dir.openFile(name)) {
        content(path, fd, status.size());
      }
    }

    private void content(String path, Fd fd, long size) throws IOException {
      long left = size;
      while (left > 0) {
        long n = FileCalls.read(fd, buffer.asSlice(0, Math.min(left, BUFFER)));
        if (n == 0) {
          throw new SlipwayException(
              ErrorKind.CONFLICT, "\"" + path + "\" became shorter while its layer was written");
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, (int) n);
        tar.write(bytes, 0, (int) n);
        left -= n;
      }
    }

    private TarEntry entry(
        String path,
        TarType type,
        FileStatus status,
        long size,
        String link,
        Map<String, byte[]> xattrs) {
      TarTime modified = new TarTime(status.mtimeSeconds(), 0);
      return new TarEntry(
          path,
          type,
          status.permissions(),
          Integer.toUnsignedLong(status.uid()),
          Integer.toUnsignedLong(status.gid()),
          size,
          options.newest().map(modified::notAfter).orElse(modified).wholeSeconds(),
          link,
          (int) DeviceNumber.major(status.deviceNode()),
          (int) DeviceNumber.minor(status.deviceNode()),
          xattrs);
    }

    private static TarType type(FileStatus status) throws IOException {
      return switch (status.type()) {
        case FileStatus.S_IFDIR -> TarType.DIRECTORY;
        case FileStatus.S_IFLNK -> TarType.SYMLINK;
        case FileStatus.S_IFCHR -> TarType.CHAR_DEVICE;
        case FileStatus.S_IFBLK -> TarType.BLOCK_DEVICE;
        case FileStatus.S_IFIFO -> TarType.FIFO;
        default -> throw new IOException("no tar entry for file type " + status.type());
      };
    }
  }
}
