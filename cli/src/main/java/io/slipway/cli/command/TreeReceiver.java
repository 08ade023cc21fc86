package io.slipway.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks files of a build as the user who asked for them: modes and times are kept, owners are
 * not. Nothing is written through a link or outside the directory.
 */
final class TreeReceiver {
  private static final LinkOption NO_LINKS = LinkOption.NOFOLLOW_LINKS;

  /** Those of files with set-id and sticky bits. */
  private static final int PERMISSIONS = 07777;

  private final Path root;

  /** Directories get their modes and times when everything is in them. */
  private final Deque<TarArchiveEntry> directories = new ArrayDeque<>();

  TreeReceiver(Path root) {
    this.root = root;
  }

  void take(InputStream in) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        entry(e, tar);
      }
    }
    while (!directories.isEmpty()) {
      TarArchiveEntry directory = directories.pop();
      finish(place(directory.getName()), directory);
    }
  }

  private void entry(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
    Path path = place(entry.getName());
    if (path.equals(root)) {
      return;
    }
    makeParents(path);
    if (entry.isDirectory()) {
      if (!Files.isDirectory(path, NO_LINKS)) {
        Files.deleteIfExists(path);
        Files.createDirectory(path);
      }
      directories.push(entry);
      return;
    }
    if (Files.isDirectory(path, NO_LINKS)) {
      throw new IOException("cannot replace directory " + path + " with a file");
    }
    Files.deleteIfExists(path);
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.createLink(path, place(entry.getLinkName()));
    } else if (entry.isFile()) {
      try (OutputStream out = Files.newOutputStream(path)) {
        tar.transferTo(out);
      }
      finish(path, entry);
    }
    // devices and fifos are not for users to make
  }

  /** Where a name is; whatever it says, below the root. */
  private Path place(String name) throws IOException {
    Path path = root;
    for (String part : name.split("/")) {
      if (part.equals("..")) {
        throw new IOException("the daemon sent a name that leads out of the directory: " + name);
      }
      if (!part.isEmpty() && !part.equals(".")) {
        path = path.resolve(part);
      }
    }
    return path;
  }

  private void makeParents(Path path) throws IOException {
    Path parent = root;
    for (Path name : root.relativize(path.getParent())) {
      if (name.toString().isEmpty()) {
        continue;
      }
      parent = parent.resolve(name);
      if (!Files.isDirectory(parent, NO_LINKS)) {
        Files.deleteIfExists(parent);
        Files.createDirectory(parent);
      }
    }
  }

  private static void finish(Path path, TarArchiveEntry entry) throws IOException {
    Files.setAttribute(path, "unix:mode", entry.getMode() & PERMISSIONS);
    Files.setLastModifiedTime(path, FileTime.from(entry.getLastModifiedTime().toInstant()));
  }
}
