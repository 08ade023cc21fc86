package io.slipway.builder.context;

import io.slipway.builder.remote.GitRemote;
import io.slipway.builder.remote.Remotes;
import io.slipway.builder.session.CallerSecrets;
import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.LinuxException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Opens build contexts and owns the folder where sent ones are unpacked and digests of files are
 * remembered. One per data root. Safe for many threads.
 */
public final class BuildContexts {
  private static final String REF = "local::context";

  private final ContextLayout layout;
  private final Remotes remotes;
  private final KeptContexts kept;
  private final ArchiveLimits limits;
  private FileDigests digests;

  private BuildContexts(
      ContextLayout layout, Remotes remotes, KeptContexts kept, ArchiveLimits limits) {
    this.limits = limits;
    this.layout = layout;
    this.remotes = remotes;
    this.kept = kept;
  }

  /**
   * Takes the folder over: makes it if need be and removes what a killed daemon left unpacked.
   *
   * @param folder in the data root, this object's alone
   * @param remotes fetches contexts that are elsewhere
   */
  public static BuildContexts in(Path folder, Remotes remotes) throws IOException {
    return in(folder, remotes, ArchiveLimits.DEFAULTS);
  }

  /**
   * As {@link #in(Path, Remotes)}.
   *
   * @param limits of contexts that are sent
   */
  public static BuildContexts in(Path folder, Remotes remotes, ArchiveLimits limits)
      throws IOException {
    ContextLayout layout = new ContextLayout(folder);
    KeptContexts kept = KeptContexts.in(layout);
    AtomicFile.removeLeftovers(folder);
    return new BuildContexts(layout, remotes, kept, limits);
  }

  /** The contexts that were sent and are kept for the next, without those in use. */
  public List<KeptContext> kept() {
    return kept.list();
  }

  /** Removes a kept context; false if it is gone or a build uses it. */
  public boolean remove(KeptContext context) throws IOException {
    return kept.remove(context);
  }

  /**
   * Opens a context: reads the Dockerfile and the ignore rules in force, and of a sent context
   * everything.
   *
   * @throws SlipwayException {@code NOT_FOUND} for a missing directory or Dockerfile, {@code
   *     INVALID} for a broken archive or ignore file, with Docker's words where it has some
   */
  public BuildContext open(ContextSource source, DockerfileSource dockerfile) {
    return open(source, dockerfile, CallerSecrets.NONE);
  }

  /**
   * As {@link #open(ContextSource, DockerfileSource)}.
   *
   * @param secrets for contexts that are elsewhere
   */
  public BuildContext open(
      ContextSource source, DockerfileSource dockerfile, CallerSecrets secrets) {
    try {
      return switch (source) {
        case ContextSource.Git git -> checkedOut(git.remote(), dockerfile, secrets);
        case ContextSource.Http http -> downloaded(http, dockerfile, secrets);
        case ContextSource.Directory directory -> inPlace(directory.path(), dockerfile);
        case ContextSource.Tar tar -> unpacked(tar, dockerfile);
        case ContextSource.Empty empty -> empty(dockerfile);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
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

  /**
   * Opens a directory of this machine for its files only.
   *
   * @param name what the context is called in messages
   */
  public BuildContext named(String name, Path directory) {
    try {
      Path root = directory.toAbsolutePath();
      try (Tree tree = directoryTree(root)) {
        ReadDockerfile rules = ReadDockerfile.rulesOnly(tree);
        SourceTree files = SourceTree.ofContext(root, "local::" + name, rules.ignored());
        FileDigests known = digests();
        return new BuildContext(
            rules, files, KnownDigests.in(known), true, () -> known.save(layout.digests()));
      }
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "reading the build context " + name + ": " + e.getMessage(), e);
    }
  }

  private BuildContext checkedOut(
      GitRemote remote, DockerfileSource dockerfile, CallerSecrets secrets)
      throws IOException, InterruptedException {
    ContextFolder folder = kept.begin();
    try {
      String commit = remotes.git().resolve(remote, secrets);
      remotes.git().checkOut(remote, commit, secrets, folder.files());
      return whole(folder.files(), dockerfile, folder::discard);
    } catch (IOException | InterruptedException | RuntimeException e) {
      folder.discard(e);
      throw e;
    }
  }

  /** Ignore files are for what a client has lying around, not for what was published. */
  private BuildContext whole(Path root, DockerfileSource dockerfile, BuildContext.Ending ending)
      throws IOException {
    try (Tree tree = Tree.open(root)) {
      ReadDockerfile read = ReadDockerfile.read(tree, dockerfile);
      SourceTree files = SourceTree.ofContext(root, REF, PathPatterns.NONE);
      KnownDigests known = KnownDigests.in(new FileDigests());
      return new BuildContext(read, files, known, false, ending);
    }
  }

  private BuildContext downloaded(
      ContextSource.Http http, DockerfileSource dockerfile, CallerSecrets secrets)
      throws IOException, InterruptedException {
    Path file = remotes.http().get(http.url(), Optional.empty(), secrets).file();
    if (!isArchive(file)) {
      Bytes text = Bytes.copyOf(Files.readAllBytes(file));
      return empty(new DockerfileSource.Text(http.url().toString(), text, Optional.empty()));
    }
    ContextFolder folder = kept.begin();
    try (InputStream in = Files.newInputStream(file)) {
      folder.unpack(in, KnownDigests.in(new FileDigests()), limits);
      return whole(folder.files(), dockerfile, folder::keep);
    } catch (IOException | RuntimeException e) {
      folder.discard(e);
      throw e;
    }
  }

  private static boolean isArchive(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return TarSniffer.isTar(in);
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
    ContextFolder folder = kept.begin();
    KnownDigests known = KnownDigests.in(new FileDigests());
    try {
      folder.unpack(tar.stream(), known, limits);
    } catch (IOException | RuntimeException e) {
      folder.discard(e);
      throw e;
    }
    try {
      return ofOwn(folder.files(), dockerfile, known, folder::keep);
    } catch (IOException | RuntimeException e) {
      keepAfter(e, folder);
      throw e;
    }
  }

  /**
   * The files are all there: what is wrong with the Dockerfile may be mended for the next build.
   */
  private static void keepAfter(Exception failure, ContextFolder folder) {
    try {
      folder.keep();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private BuildContext empty(DockerfileSource dockerfile) throws IOException {
    ContextFolder folder = kept.begin();
    try {
      KnownDigests known = KnownDigests.in(new FileDigests());
      return ofOwn(folder.files(), dockerfile, known, folder::discard);
    } catch (IOException | RuntimeException e) {
      folder.discard(e);
      throw e;
    }
  }

  private static BuildContext ofOwn(
      Path root, DockerfileSource dockerfile, KnownDigests known, BuildContext.Ending ending)
      throws IOException {
    try (Tree tree = Tree.open(root)) {
      ReadDockerfile read = ReadDockerfile.read(tree, dockerfile);
      SourceTree files = SourceTree.ofContext(root, REF, hiddenInSent(read));
      return new BuildContext(read, files, known, false, ending);
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

  private synchronized FileDigests digests() throws IOException {
    if (digests == null) {
      digests = FileDigests.load(layout.digests());
    }
    return digests;
  }
}
