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
import io.slipway.runtime.spec.IdMappings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes what is in directories as entries of an archive; a file with several names carries its
 * content at the first.
 */
final class EntryWriter implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;

  private final TarWriter tar;
  private final Optional<TarTime> newest;
  private final Optional<IdMappings> users;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment buffer = arena.allocate(BUFFER);
  private final byte[] bytes = new byte[BUFFER];
  private final Map<Inode, String> firstNames = new HashMap<>();

  private record Inode(long device, long number) {}

  /**
   * @param newest later modification times become this one
   * @param users those that the owners of the files stand for, if not themselves
   */
  EntryWriter(TarWriter tar, Optional<TarTime> newest, Optional<IdMappings> users) {
    this.tar = tar;
    this.newest = newest;
    this.users = users;
  }

  /** Writes a name of a directory as the entry {@code path}; a directory without what is in it. */
  void put(String path, Dir dir, String name, FileStatus status) throws IOException {
    if (status.isRegular()) {
      file(path, dir, name, status);
      return;
    }
    TarType type = type(status);
    String link = type == TarType.SYMLINK ? dir.readLink(name) : "";
    tar.put(entry(path, type, status, 0, link, dir.xattrs(name)));
  }

  /** Writes an open directory itself. */
  void putDirectory(String path, Dir dir) throws IOException {
    tar.put(entry(path, TarType.DIRECTORY, dir.status(), 0, "", dir.xattrs()));
  }

  private void file(String path, Dir dir, String name, FileStatus status) throws IOException {
    if (status.links() > 1) {
      String first = firstNames.putIfAbsent(new Inode(status.device(), status.inode()), path);
      if (first != null) {
        tar.put(entry(path, TarType.HARD_LINK, status, 0, first, Map.of()));
        return;
      }
    }
    try (Fd fd = dir.openFile(name)) {
      tar.put(entry(path, TarType.FILE, status, status.size(), "", dir.xattrs(name, fd)));
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
        Integer.toUnsignedLong(users.map(u -> u.uid(status.uid())).orElse(status.uid())),
        Integer.toUnsignedLong(users.map(u -> u.gid(status.gid())).orElse(status.gid())),
        size,
        newest.map(modified::notAfter).orElse(modified).wholeSeconds(),
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

  @Override
  public void close() {
    arena.close();
  }
}
