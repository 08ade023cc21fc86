package io.slipway.image.content;

import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Small files that are either the old or the new content after a crash at any moment: written
 * beside the target, fsynced, renamed, and the directory fsynced.
 */
public final class AtomicFile {
  /** Permissions of a file that holds secrets. */
  public static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private static final String SUFFIX = ".tmp";

  private AtomicFile() {}

  /** Replaces or creates {@code target}, whose directory exists; durable when this returns. */
  public static void write(Path target, Bytes content) throws IOException {
    replace(target, content);
  }

  /** The same with permissions that the file has from the beginning. */
  public static void write(Path target, Bytes content, Set<PosixFilePermission> permissions)
      throws IOException {
    replace(target, content, PosixFilePermissions.asFileAttribute(permissions));
  }

  private static void replace(Path target, Bytes content, FileAttribute<?>... attributes)
      throws IOException {
    Path temp =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + SUFFIX);
    try {
      try (FileChannel channel =
          FileChannel.open(
              temp, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), attributes)) {
        ByteBuffer buffer = content.buffer();
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(temp);
      throw DiskFull.orSame(e, "write " + target.getFileName());
    }
    syncDirectory(target.getParent());
  }

  /** Removes {@code target} durably; false when it was absent. */
  public static boolean delete(Path target) throws IOException {
    boolean deleted = Files.deleteIfExists(target);
    if (deleted) {
      syncDirectory(target.getParent());
    }
    return deleted;
  }

  /** Creates a directory and its parents durably. */
  public static void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    createDirectories(parent);
    Files.createDirectories(directory);
    syncDirectory(parent);
  }

  /** Makes names created, renamed or removed in {@code directory} durable. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes what a crash in {@link #write} left in {@code directory}; how many files. */
  public static int removeLeftovers(Path directory) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> temps = Files.newDirectoryStream(directory, ".*" + SUFFIX)) {
      for (Path temp : temps) {
        Files.deleteIfExists(temp);
        removed++;
      }
    }
    return removed;
  }
}
