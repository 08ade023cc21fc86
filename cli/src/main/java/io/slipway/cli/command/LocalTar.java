package io.slipway.cli.command;

import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarType;
import io.slipway.image.tar.TarWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Files of this machine as a tar, with their owners, modes, times and hard links. */
final class LocalTar {
  private static final int BUFFER = 64 << 10;
  private static final int TYPE = 0170000;
  private static final int PERMISSIONS = 07777;

  private final TarWriter tar;
  private final byte[] buffer = new byte[BUFFER];
  private final Map<Object, String> firstNames = new HashMap<>();

  private LocalTar(OutputStream out) {
    this.tar = new TarWriter(out);
  }

  /**
   * Writes a file or a tree.
   *
   * @param name what it is called in the archive
   * @param follow whether it is what a link leads to that is written
   */
  static void write(Path source, String name, boolean follow, OutputStream out) throws IOException {
    LocalTar writer = new LocalTar(out);
    writer.put(follow ? source.toRealPath() : source, name);
    writer.tar.finish();
  }

  private void put(Path path, String name) throws IOException {
    Map<String, Object> facts =
        Files.readAttributes(
            path,
            "unix:mode,uid,gid,size,lastModifiedTime,nlink,dev,ino,rdev",
            LinkOption.NOFOLLOW_LINKS);
    int type = (Integer) facts.get("mode") & TYPE;
    switch (type) {
      case 0040000 -> {
        tar.put(entry(name, TarType.DIRECTORY, facts, 0, ""));
        for (Path child : children(path)) {
          put(child, name + "/" + child.getFileName());
        }
      }
      case 0120000 ->
          tar.put(entry(name, TarType.SYMLINK, facts, 0, Files.readSymbolicLink(path).toString()));
      case 0100000 -> file(path, name, facts);
      case 0010000 -> tar.put(entry(name, TarType.FIFO, facts, 0, ""));
      case 0020000 -> tar.put(entry(name, TarType.CHAR_DEVICE, facts, 0, ""));
      case 0060000 -> tar.put(entry(name, TarType.BLOCK_DEVICE, facts, 0, ""));
      default -> {
        // a socket has no place in an archive
      }
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.sorted().toList();
    }
  }

  private void file(Path path, String name, Map<String, Object> facts) throws IOException {
    if ((Integer) facts.get("nlink") > 1) {
      String first = firstNames.putIfAbsent(List.of(facts.get("dev"), facts.get("ino")), name);
      if (first != null) {
        tar.put(entry(name, TarType.HARD_LINK, facts, 0, first));
        return;
      }
    }
    long left = (Long) facts.get("size");
    tar.put(entry(name, TarType.FILE, facts, left, ""));
    try (InputStream in = Files.newInputStream(path)) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(left, BUFFER));
        if (n < 0) {
          throw new IOException(path + " became shorter while it was copied");
        }
        tar.write(buffer, 0, n);
        left -= n;
      }
    }
  }

  private static TarEntry entry(
      String name, TarType type, Map<String, Object> facts, long size, String link) {
    var modified = ((java.nio.file.attribute.FileTime) facts.get("lastModifiedTime")).toInstant();
    long device = (Long) facts.get("rdev");
    return new TarEntry(
        name,
        type,
        (Integer) facts.get("mode") & PERMISSIONS,
        Integer.toUnsignedLong((Integer) facts.get("uid")),
        Integer.toUnsignedLong((Integer) facts.get("gid")),
        size,
        new TarTime(modified.getEpochSecond(), 0),
        link,
        (int) (device >>> 8 & 0xfff),
        (int) (device & 0xff | device >>> 12 & ~0xffL),
        Map.of());
  }
}
