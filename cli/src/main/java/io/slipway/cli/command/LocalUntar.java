package io.slipway.cli.command;

import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a container's archive into a directory of this machine, as the user who runs the command.
 * The container may be hostile: no entry leaves the directory, and no link of the archive is
 * followed.
 */
final class LocalUntar {
  private static final int BUFFER = 64 << 10;

  private final Path root;
  private final Map<Path, TarEntry> directories = new LinkedHashMap<>();

  private LocalUntar(Path root) {
    this.root = root;
  }

  /**
   * @param name what the archive's top entry is called; empty to leave it
   * @return bytes of the archive's files
   */
  static long extract(InputStream archive, Path directory, String name) throws IOException {
    return new LocalUntar(directory).extract(archive, name);
  }

  private long extract(InputStream archive, String name) throws IOException {
    TarReader reader = new TarReader(archive);
    long bytes = 0;
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      TarEntry entry = next.get();
      bytes += entry.size();
      put(entry, target(entry.name(), name), name, reader);
    }
    for (Map.Entry<Path, TarEntry> directory : directories.entrySet()) {
      finish(directory.getKey(), directory.getValue());
    }
    return bytes;
  }

  /** Where an entry goes; its first name replaced by the one that is wanted. */
  private Path target(String entryName, String name) throws IOException {
    String inside = entryName.replaceFirst("^/+", "");
    if (!name.isEmpty()) {
      int slash = inside.indexOf('/');
      inside = slash < 0 ? name : name + inside.substring(slash);
    }
    Path path = root.resolve(inside).normalize();
    if (!path.startsWith(root)) {
      throw new IOException("\"" + entryName + "\" is outside of \"" + root + "\"");
    }
    for (Path at = root; !at.equals(path) && !at.equals(path.getParent()); ) {
      at = at.resolve(path.getName(at.getNameCount()));
      if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("\"" + entryName + "\" is below \"" + at + "\", no directory");
      }
    }
    return path;
  }

  private void put(TarEntry entry, Path path, String name, TarReader body) throws IOException {
    boolean isDirectory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    switch (entry.type()) {
      case DIRECTORY -> {
        if (!isDirectory && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          throw kinds("non-directory", path, "directory", entry);
        }
        Files.createDirectories(path);
        if (!path.equals(root)) {
          directories.put(path, entry);
        }
        return;
      }
      case FILE, HARD_LINK, SYMLINK -> {
        if (isDirectory) {
          throw kinds("directory", path, "non-directory", entry);
        }
        Files.deleteIfExists(path);
        Files.createDirectories(path.getParent());
      }
      case CHAR_DEVICE, BLOCK_DEVICE, FIFO ->
          throw new IOException(
              "cannot make the device or fifo \""
                  + entry.name()
                  + "\" here: exclude it, or copy"
                  + " to - for an archive");
    }
    switch (entry.type()) {
      case HARD_LINK -> Files.createLink(path, target(entry.linkName(), name));
      case SYMLINK -> Files.createSymbolicLink(path, Path.of(entry.linkName()));
      default -> {
        copy(path, body);
        finish(path, entry);
      }
    }
  }

  private static IOException kinds(String there, Path path, String what, TarEntry entry) {
    return new IOException(
        "cannot overwrite %s \"%s\" with %s \"%s\"".formatted(there, path, what, entry.name()));
  }

  private static void copy(Path path, TarReader body) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    try (OutputStream out =
        Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int n = body.read(buffer.clear()); n >= 0; n = body.read(buffer.clear())) {
        out.write(buffer.array(), 0, n);
      }
    }
  }

  private static void finish(Path path, TarEntry entry) throws IOException {
    Files.setAttribute(path, "unix:mode", entry.mode());
    Files.setLastModifiedTime(
        path, FileTime.from(Instant.ofEpochSecond(entry.modified().seconds())));
  }
}
