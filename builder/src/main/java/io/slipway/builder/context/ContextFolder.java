package io.slipway.builder.context;

import io.slipway.runtime.layer.AppliedLayer;
import io.slipway.runtime.layer.FormerFile;
import io.slipway.runtime.layer.FormerFiles;
import io.slipway.runtime.layer.FormerTree;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The folder of one build's context, empty at first. While an archive is unpacked into it, files of
 * the same path and content are moved over from a kept context: the first that has one of the
 * archive's files. All else is made anew, so that nothing of an earlier context can show.
 */
final class ContextFolder {
  /** Of a context that is like no other, this many files are looked for in those that are kept. */
  private static final int ATTEMPTS = 100;

  /** A file takes whole blocks, and an inode. */
  private static final int FILE_BYTES = 4096;

  private final KeptContexts kept;
  private final Path folder;
  private Optional<Former> former = Optional.empty();
  private AppliedLayer unpacked = new AppliedLayer(0, 0);

  private record Former(KeptContext context, Path folder) {}

  ContextFolder(KeptContexts kept, Path folder) {
    this.kept = kept;
    this.folder = folder;
  }

  /** Where the files go. */
  Path files() {
    return ContextLayout.files(folder);
  }

  /** As {@link ContextTar#unpack}, into this folder. */
  void unpack(InputStream stream, KnownDigests known, ArchiveLimits limits) throws IOException {
    try (Lookup lookup = new Lookup()) {
      unpacked = ContextTar.unpack(stream, files(), known, lookup, limits);
    }
  }

  /** Ends the use of a context that was unpacked to its end. */
  void keep() throws IOException {
    try {
      Instant now = Instant.now();
      kept.keep(
          folder,
          new KeptContext(
              folder.getFileName().toString(),
              unpacked.entries(),
              unpacked.bytes() + unpacked.entries() * FILE_BYTES,
              former.map(f -> f.context.builds()).orElse(0) + 1,
              former.map(f -> f.context.created()).orElse(now),
              now));
    } finally {
      removeFormer();
    }
  }

  /** Removes everything. */
  void discard() throws IOException {
    try {
      kept.remove(folder);
    } finally {
      removeFormer();
    }
  }

  /** As {@link #discard()}, after a failure. */
  void discard(Exception cause) {
    try {
      discard();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private void removeFormer() throws IOException {
    if (former.isPresent()) {
      kept.remove(former.get().folder);
    }
  }

  /** Finds the kept context that is like this one, then files in it. */
  private final class Lookup implements FormerFiles, AutoCloseable {
    private Optional<FormerTree> tree = Optional.empty();
    private int attempts;

    @Override
    public Optional<FormerFile> find(String path, long size) throws IOException {
      if (tree.isPresent()) {
        return tree.get().find(path, size);
      }
      if (size == 0 || attempts == ATTEMPTS) {
        return Optional.empty();
      }
      attempts++;
      for (KeptContext context : kept.list()) {
        Optional<FormerFile> found = findIn(context, path, size);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }

    private Optional<FormerFile> findIn(KeptContext context, String path, long size)
        throws IOException {
      FormerTree candidate;
      try {
        candidate = FormerTree.open(kept.files(context));
      } catch (LinuxException e) {
        // another build has taken it
        return Optional.empty();
      }
      Optional<FormerFile> found = Optional.empty();
      try {
        found = candidate.find(path, size);
        if (found.isPresent()) {
          former = kept.take(context).map(taken -> new Former(context, taken));
        }
      } finally {
        if (former.isPresent()) {
          tree = Optional.of(candidate);
        } else {
          found.ifPresent(FormerFile::close);
          candidate.close();
        }
      }
      return former.isPresent() ? found : Optional.empty();
    }

    @Override
    public void close() {
      tree.ifPresent(FormerTree::close);
    }
  }
}
