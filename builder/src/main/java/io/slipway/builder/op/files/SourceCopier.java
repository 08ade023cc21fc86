package io.slipway.builder.op.files;

import io.slipway.image.codec.Decompression;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.EntryCopier;
import io.slipway.runtime.layer.LayerApplier;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileStatus;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Copies what one source means into a target. */
final class SourceCopier {
  private final CopySource source;
  private final Tree to;
  private final CopyRules rules;

  SourceCopier(CopySource source, Tree to, CopyRules rules) {
    this.source = source;
    this.to = to;
    this.rules = rules;
  }

  /** A file that was copied, where another name of the same file can be linked to. */
  private record Linked(Dir directory, String name) {}

  /** The source path that a walk began at, and the files with several names met so far. */
  private record Walk(String base, Map<String, Linked> links) {}

  /**
   * Copies one match.
   *
   * @param match a path of the source; a link there is followed
   * @param destination as in the Dockerfile, absolute; ends with a slash if it must be a directory
   */
  void copy(String match, String destination) throws IOException {
    FileStatus status = source.tree().status(match).orElseThrow(() -> missing(match));
    String real = source.tree().resolve(match);
    if (status.isDirectory()) {
      copyContents(real, destination);
    } else if (rules.unpack() && status.isRegular() && isArchive(real)) {
      unpack(real, destination);
    } else {
      copyFile(real, TargetPath.lastName(match), destination);
    }
  }

  private static SlipwayException missing(String path) {
    return SlipwayException.notFound("\"" + path + "\": not found");
  }

  private boolean isArchive(String path) throws IOException {
    try (Fd file = source.tree().openFile(path);
        InputStream in = new BufferedInputStream(Files.newInputStream(file.path()))) {
      return TarSniffer.isTar(in);
    }
  }

  private void unpack(String path, String destination) throws IOException {
    TargetPath.requireDirectory(to, destination);
    ApplyOptions options =
        rules
            .owner()
            .map(ids -> ApplyOptions.ARCHIVE.withOwner(ids.uid(), ids.gid()))
            .orElse(ApplyOptions.ARCHIVE);
    try (Dir directory = to.makeDirectories(destination, rules.made());
        Fd file = source.tree().openFile(path);
        InputStream in =
            Decompression.open(new BufferedInputStream(Files.newInputStream(file.path())))) {
      new LayerApplier(options).apply(in, directory.fd().path(), Optional.empty());
    }
  }

  private void copyFile(String path, String name, String destination) throws IOException {
    TargetPath target = TargetPath.forFile(to, destination, name);
    try (Dir from = source.tree().directory(TargetPath.parent(path));
        Dir into = to.makeDirectories(target.directory(), rules.made())) {
      place(from, TargetPath.lastName(path), into, target.name());
    }
  }

  /** A file, link, device or fifo at a name; what is there and no directory makes way. */
  private void place(Dir from, String name, Dir into, String newName) throws IOException {
    TargetPath.clear(into, newName);
    Metadata metadata = from.metadata(name);
    boolean symlink = from.status(name).map(FileStatus::isSymlink).orElse(false);
    EntryCopier.copy(
        from, name, into, newName, rules.of(metadata, false, symlink, source.ownedByRoot()));
  }

  /** The entries of a directory, not the directory itself. */
  private void copyContents(String path, String destination) throws IOException {
    boolean existed = TargetPath.requireDirectory(to, destination);
    try (Dir from = source.tree().directory(path);
        Dir into = to.makeDirectories(destination, rules.made())) {
      Walk walk = new Walk(path, new HashMap<>());
      try {
        walk(walk, from, path, into);
      } finally {
        for (Linked linked : walk.links().values()) {
          linked.directory().close();
        }
      }
      if (!existed) {
        into.setModified(Metadata.of(from.status()).modified());
      }
    }
  }

  private void walk(Walk walk, Dir from, String path, Dir into) throws IOException {
    for (String name : from.names()) {
      String child = path.equals("/") ? "/" + name : path + "/" + name;
      Optional<FileStatus> status = from.status(name);
      if (status.isEmpty() || status.get().type() == FileStatus.S_IFSOCK) {
        continue;
      }
      boolean directory = status.get().isDirectory();
      CopySource.Sight sight = source.sight(child, directory, rules.excludes(), walk.base());
      if (sight == CopySource.Sight.HIDDEN
          || sight == CopySource.Sight.PERHAPS_BELOW && !showsBelow(walk, from, name, child)) {
        continue;
      }
      if (directory) {
        copyDirectory(walk, from, name, child, into);
      } else {
        copyEntry(walk, from, name, status.get(), into);
      }
    }
  }

  private boolean showsBelow(Walk walk, Dir from, String name, String path) throws IOException {
    try (Dir directory = from.directory(name)) {
      for (String below : directory.names()) {
        String child = path + "/" + below;
        boolean isDirectory = directory.status(below).map(FileStatus::isDirectory).orElse(false);
        CopySource.Sight sight = source.sight(child, isDirectory, rules.excludes(), walk.base());
        if (sight == CopySource.Sight.SHOWN
            || sight == CopySource.Sight.PERHAPS_BELOW
                && showsBelow(walk, directory, below, child)) {
          return true;
        }
      }
      return false;
    }
  }

  private void copyDirectory(Walk walk, Dir from, String name, String path, Dir into)
      throws IOException {
    Optional<FileStatus> there = into.status(name);
    if (there.isEmpty()) {
      into.makeDirectory(name);
    } else if (!there.get().isDirectory()) {
      throw SlipwayException.invalid("cannot copy to non-directory: " + path);
    }
    try (Dir below = from.directory(name);
        Dir target = into.directory(name)) {
      walk(walk, below, path, target);
      // Last, because what is put into a directory changes its time.
      target.apply(rules.of(from.metadata(name), true, false, source.ownedByRoot()));
    }
  }

  /** Names of one file stay names of one file. */
  private void copyEntry(Walk walk, Dir from, String name, FileStatus status, Dir into)
      throws IOException {
    boolean several = status.links() > 1 && status.isRegular();
    String key = status.device() + ":" + status.inode();
    Linked first = several ? walk.links().get(key) : null;
    if (first != null) {
      TargetPath.clear(into, name);
      into.makeHardLink(name, first.directory(), first.name());
      return;
    }
    place(from, name, into, name);
    if (several) {
      walk.links().put(key, new Linked(into.reopen(), name));
    }
  }
}
