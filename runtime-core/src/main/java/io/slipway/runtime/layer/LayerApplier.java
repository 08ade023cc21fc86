package io.slipway.runtime.layer;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Puts the entries of a tar archive into a directory, never outside it. */
public final class LayerApplier {
  private final ApplyOptions options;
  private final ApplyObserver observer;
  private final FormerFiles former;

  public LayerApplier(ApplyOptions options) {
    this(options, ApplyObserver.NONE, FormerFiles.NONE);
  }

  /**
   * As {@link #LayerApplier(ApplyOptions)}.
   *
   * @param observer is told what the archive holds as it is applied
   * @param former where files are taken from that an archive holds again; on the same file system
   */
  public LayerApplier(ApplyOptions options, ApplyObserver observer, FormerFiles former) {
    this.options = options;
    this.observer = observer;
    this.former = former;
  }

  /**
   * Applies an archive. What it replaces is removed; directories are merged. The stream is read to
   * the end of the archive and not closed. After a failure the directory holds an unknown part.
   *
   * @param tar the uncompressed archive
   * @param into the directory; for a layer that of the snapshot's changes, not a mount
   * @param below root of the merged layers below, for a layer that has some
   * @throws SlipwayException {@code INVALID} if the archive is malformed, too large, or would leave
   *     the directory; {@code NO_SPACE} if the disk is full
   */
  public AppliedLayer apply(InputStream tar, Path into, Optional<Path> below) throws IOException {
    try (LowerTree lower = LowerTree.open(below);
        UpperTree upper = UpperTree.open(into, lower, Grafts.NONE);
        FileMaker files = new FileMaker(upper, former, observer)) {
      return apply(tar, upper, new EntryMaker(upper, lower, "", options, observer, files));
    }
  }

  /**
   * Applies an ordinary archive to a directory of a tree: links on the way lead where they do in
   * the tree, also out of that directory. What an archive says of the directory itself is not
   * applied.
   *
   * @param directory as {@link GraftedTree#find} has found it
   */
  public AppliedLayer apply(InputStream tar, GraftedTree tree, GraftedTree.Place directory)
      throws IOException {
    try (LowerTree lower = LowerTree.open(Optional.empty());
        UpperTree upper = UpperTree.open(tree.rootPath(), lower, tree.grafts());
        FileMaker files = new FileMaker(upper, former, observer)) {
      var maker = new EntryMaker(upper, lower, directory.path(), options, observer, files);
      maker.skipRoot();
      return apply(tar, upper, maker);
    }
  }

  private AppliedLayer apply(InputStream tar, UpperTree upper, EntryMaker maker)
      throws IOException {
    TarReader reader = new TarReader(tar);
    long entries = 0;
    long bytes = 0;
    Optional<TarEntry> next = reader.next();
    while (next.isPresent()) {
      TarEntry entry = next.get();
      Cancellation.check("unpacking a layer");
      bytes += entry.size();
      checkLimits(++entries, bytes);
      make(maker, entry, reader);
      next = reader.next();
    }
    upper.finish();
    return new AppliedLayer(entries, bytes);
  }

  private static void make(EntryMaker maker, TarEntry entry, TarReader body) throws IOException {
    try {
      maker.make(entry, body);
    } catch (LinuxException e) {
      throw inLayer(entry.name(), e);
    }
  }

  private void checkLimits(long entries, long bytes) {
    if (entries > options.maxEntries()) {
      throw SlipwayException.invalid(
          "archive holds more than " + options.maxEntries() + " entries");
    }
    if (bytes > options.maxBytes()) {
      throw new ArchiveTooLargeException(options.maxBytes());
    }
  }

  /** Says which entry it was, and whose fault: the archive's, the full disk's or the machine's. */
  private static IOException inLayer(String name, LinuxException e) {
    String message = "unpacking \"" + name + "\": " + e.getMessage();
    if (e.is(Errno.ENOSPC) || e.is(Errno.EDQUOT)) {
      throw new SlipwayException(ErrorKind.NO_SPACE, message, e);
    }
    if (e.is(Errno.ENAMETOOLONG) || e.is(Errno.ELOOP) || e.is(Errno.ENOTDIR)) {
      throw new SlipwayException(ErrorKind.INVALID, message, e);
    }
    return new IOException(message, e);
  }
}
