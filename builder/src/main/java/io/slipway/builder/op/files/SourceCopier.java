package io.slipway.builder.op.files;

import io.slipway.builder.context.ArchiveLimits;
import io.slipway.builder.context.SourceEntry;
import io.slipway.builder.context.SourceMatch;
import io.slipway.builder.context.SourceTree;
import io.slipway.builder.context.SourceWalk;
import io.slipway.builder.context.TarSniffer;
import io.slipway.image.codec.BoundedInputStream;
import io.slipway.image.codec.Decompression;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.LayerApplier;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.layer.Tree;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Optional;

/** Copies what one source means into a target. */
final class SourceCopier {
  /** Archives are padded to full records, of at most some megabytes. */
  private static final long MAX_TRAILER = 64 << 20;

  private final SourceTree source;
  private final CopyTarget target;
  private final Tree to;
  private final CopyRules rules;
  private final ArchiveLimits limits;
  private final Optional<FormerLayer> former;

  /**
   * @param limits of archives that are unpacked
   * @param former a layer that the same copy has made before
   */
  SourceCopier(
      SourceTree source,
      CopyTarget target,
      CopyRules rules,
      ArchiveLimits limits,
      Optional<FormerLayer> former) {
    this.limits = limits;
    this.former = former;
    this.source = source;
    this.target = target;
    this.to = target.tree();
    this.rules = rules;
  }

  /**
   * Copies one match.
   *
   * @param destination as in the Dockerfile, absolute; ends with a slash if it must be a directory
   */
  void copy(SourceMatch match, String destination) throws IOException {
    if (match.status().isDirectory()) {
      copyContents(match, destination, "");
    } else if (rules.unpack() && match.status().isRegular() && isArchive(match.path())) {
      unpack(match.path(), destination);
    } else {
      copyFile(match, destination);
    }
  }

  /**
   * Copies one match under its path, its directories made with what the source's have.
   *
   * @param without so many names at the path's beginning are not kept
   */
  void copyWithParents(SourceMatch match, String destination, int without) throws IOException {
    String path = match.below(without);
    boolean directory = match.status().isDirectory();
    if (!directory && SourceWalk.leavesOut(rules.excludes(), path)) {
      return;
    }
    String root = destination.endsWith("/") ? destination : destination + "/";
    to.makeDirectories(root, rules.made()).close();
    try (Tree tree = source.open()) {
      for (String parent : match.parents(without)) {
        makeParent(tree, parent, root + SourceMatch.below(parent, without));
      }
      if (!directory) {
        copyFile(match, root + path.substring(0, path.lastIndexOf('/') + 1));
        return;
      }
      boolean existed = to.status(root + path).isPresent();
      makeParent(tree, match.path(), root + path);
      copyContents(match, root + path, path);
      if (!existed) {
        setTime(root + path, match);
      }
    }
  }

  private void setTime(String path, SourceMatch match) throws IOException {
    try (Dir made = to.directory(path)) {
      FileStatus status = match.status();
      made.setModified(new TarTime(status.mtimeSeconds(), status.mtimeNanos()));
    }
  }

  /** Only what is made gets the source's owner and mode; its time is now. */
  private void makeParent(Tree tree, String from, String path) throws IOException {
    if (to.status(path).isPresent()) {
      TargetPath.requireDirectory(to, path);
      return;
    }
    try (Dir original = tree.directory(from);
        Dir made = to.makeDirectories(path, rules.made())) {
      Metadata metadata = Metadata.of(original.status(), original.xattrs());
      Metadata owned = source.ownedByRoot() ? metadata.withOwner(0, 0) : metadata;
      made.apply(rules.of(owned, true, false).withModified(rules.now()));
    }
  }

  private boolean isArchive(String path) throws IOException {
    try (Tree tree = source.open();
        Fd file = tree.openFile(path);
        InputStream in = new BufferedInputStream(Files.newInputStream(file.path()))) {
      return TarSniffer.isTar(in);
    }
  }

  private void unpack(String path, String destination) throws IOException {
    TargetPath.requireDirectory(to, destination);
    ApplyOptions limited = limits.in(ApplyOptions.ARCHIVE);
    ApplyOptions options =
        rules.owner().map(ids -> limited.withOwner(ids.uid(), ids.gid())).orElse(limited);
    try (Dir directory = to.makeDirectories(destination, rules.made());
        Tree tree = source.open();
        Fd file = tree.openFile(path);
        InputStream in =
            Decompression.open(new BufferedInputStream(Files.newInputStream(file.path())))) {
      // An archive's own top entry says nothing about the directory it is unpacked into.
      Metadata own = Metadata.of(directory.status(), directory.xattrs());
      apply(path, in, directory, options);
      directory.apply(own);
    }
  }

  /** To the end also of the compressed stream, whose checksum comes last. */
  private static void apply(String path, InputStream in, Dir directory, ApplyOptions options)
      throws IOException {
    try {
      new LayerApplier(options).apply(in, directory.fd().path(), Optional.empty());
      new BoundedInputStream(in, "what follows the archive", MAX_TRAILER)
          .transferTo(OutputStream.nullOutputStream());
    } catch (SlipwayException e) {
      throw new SlipwayException(
          e.kind(), "unpacking " + path + ": " + ArchiveLimits.explained(e), e);
    } catch (IOException e) {
      if (e instanceof LinuxException || e.getCause() instanceof LinuxException) {
        throw e;
      }
      throw new SlipwayException(ErrorKind.INVALID, "unpacking " + path + ": " + e.getMessage(), e);
    }
  }

  private void copyFile(SourceMatch match, String destination) throws IOException {
    TargetPath path = TargetPath.forFile(to, destination, match.baseName());
    try (Tree tree = source.open();
        Dir from = tree.directory(match.parent());
        Dir into = to.makeDirectories(path.directory(), rules.made());
        var placer = new EntryPlacer(rules)) {
      TargetPath.clear(into, path.name(), path.name());
      var entry = new SourceEntry("", from, match.name(), match.status(), source.ownedByRoot());
      placer.place(entry, into, path.name());
    }
  }

  /** The entries of a directory, not the directory itself. */
  private void copyContents(SourceMatch match, String destination, String name) throws IOException {
    if (to.status(destination).filter(status -> !status.isDirectory()).isPresent()) {
      throw SlipwayException.invalid("cannot copy to non-directory: " + destination);
    }
    boolean existed = to.status(destination).isPresent();
    try (Dir into = to.makeDirectories(destination, rules.made());
        var copier =
            new ContentsCopier(
                target,
                destination,
                to.resolve(destination),
                !existed,
                rules,
                former.map(layer -> new FormerFiles(layer, match.baseName(), rules)))) {
      SourceWalk.below(source, match.path(), name, rules.excludes(), copier);
      if (!existed) {
        FileStatus status = match.status();
        into.setModified(new TarTime(status.mtimeSeconds(), status.mtimeNanos()));
      }
    }
  }
}
