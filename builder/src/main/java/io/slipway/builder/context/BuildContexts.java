package io.slipway.builder.context;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Opens build contexts and owns the folder where sent ones are unpacked and digests of files are
 * remembered. One per data root. Safe for many threads.
 */
public final class BuildContexts {
  private static final String REF = "local::context";

  private final ContextLayout layout;
  private FileDigests digests;

  private BuildContexts(ContextLayout layout) {
    this.layout = layout;
  }

  /**
   * Takes the folder over: makes it if need be and removes what a killed daemon left unpacked.
   *
   * @param folder in the data root, this object's alone
   */
  public static BuildContexts in(Path folder) throws IOException {
    ContextLayout layout = new ContextLayout(folder);
    AtomicFile.createDirectories(layout.unpacked());
    Files.setPosixFilePermissions(layout.unpacked(), PosixFilePermissions.fromString("rwx------"));
    AtomicFile.removeLeftovers(folder);
    try (Dir unpacked = Dir.open(layout.unpacked())) {
      for (String leftover : unpacked.names()) {
        unpacked.remove(leftover);
      }
    }
    return new BuildContexts(layout);
  }

  /**
   * Opens a context: reads the Dockerfile and the ignore rules in force, and of a sent context
   * everything.
   *
   * @throws SlipwayException {@code NOT_FOUND} for a missing directory or Dockerfile, {@code
   *     INVALID} for a broken archive or ignore file, with Docker's words where it has some
   */
  public BuildContext open(ContextSource source, DockerfileSource dockerfile) {
    try {
      return switch (source) {
        case ContextSource.Directory directory -> inPlace(directory.path(), dockerfile);
        case ContextSource.Tar tar -> unpacked(tar, dockerfile);
        case ContextSource.Empty empty -> empty(dockerfile);
      };
    } catch (LinuxException e) {
      ErrorKind kind =
          e.is(Errno.ENOSPC) || e.is(Errno.EDQUOT)
              ? ErrorKind.NO_SPACE
              : e.is(Errno.EACCES) || e.is(Errno.EPERM) ? ErrorKind.FORBIDDEN : ErrorKind.INTERNAL;
      throw new SlipwayException(kind, "reading the build context: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "reading the build context: " + e.getMessage(), e);
    }
  }

  private BuildContext inPlace(Path directory, DockerfileSource dockerfile) throws IOException {
    Path root = directory.toAbsolutePath();
    try (Tree tree = directoryTree(root)) {
      ReadDockerfile read = ReadDockerfile.read(tree, dockerfile);
      SourceTree files = SourceTree.ofContext(root, REF, read.ignored());
      FileDigests known = digests();
      return new BuildContext(
          read, files, KnownDigests.in(known), true, () -> known.save(layout.digests()));
    }
  }

  private BuildContext unpacked(ContextSource.Tar tar, DockerfileSource dockerfile)
      throws IOException {
    Path root = newRoot();
    try {
      KnownDigests known = KnownDigests.in(new FileDigests());
      ContextTar.unpack(tar.stream(), root, known);
      return ofOwn(root, dockerfile, known);
    } catch (IOException | RuntimeException e) {
      remove(root, e);
      throw e;
    }
  }

  private BuildContext empty(DockerfileSource dockerfile) throws IOException {
    Path root = newRoot();
    try {
      return ofOwn(root, dockerfile, KnownDigests.in(new FileDigests()));
    } catch (IOException | RuntimeException e) {
      remove(root, e);
      throw e;
    }
  }

  private BuildContext ofOwn(Path root, DockerfileSource dockerfile, KnownDigests known)
      throws IOException {
    try (Tree tree = Tree.open(root)) {
      ReadDockerfile read = ReadDockerfile.read(tree, dockerfile);
      SourceTree files = SourceTree.ofContext(root, REF, hiddenInSent(read));
      return new BuildContext(read, files, known, false, () -> remove(root));
    }
  }

  /**
   * The client has left out what {@code .dockerignore} names, except for the two files that are
   * needed here (spec/engine-api.md 3.2). Rules of one Dockerfile alone are unknown to clients of
   * the classic call, so they are applied here.
   */
  private static PathPatterns hiddenInSent(ReadDockerfile read) {
    if (read.hasOwnRules()) {
      return read.ignored();
    }
    List<String> needed = List.of(read.name(), IgnoreFile.NAME);
    return PathPatterns.ofPaths(needed.stream().filter(read.ignored()::excludes).toList());
  }

  private static Tree directoryTree(Path root) throws LinuxException {
    try {
      return Tree.open(root);
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        throw new SlipwayException(
            ErrorKind.NOT_FOUND, "unable to prepare context: path \"" + root + "\" not found", e);
      }
      if (e.is(Errno.ENOTDIR)) {
        throw new SlipwayException(
            ErrorKind.INVALID,
            "unable to prepare context: context must be a directory: " + root,
            e);
      }
      throw e;
    }
  }

  private Path newRoot() throws IOException {
    Path root = layout.newUnpacked();
    Files.createDirectory(root);
    return root;
  }

  private synchronized FileDigests digests() throws IOException {
    if (digests == null) {
      digests = FileDigests.load(layout.digests());
    }
    return digests;
  }

  private void remove(Path root) throws IOException {
    try (Dir unpacked = Dir.open(layout.unpacked())) {
      unpacked.remove(root.getFileName().toString());
    }
  }

  private void remove(Path root, Exception cause) {
    try {
      remove(root);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
