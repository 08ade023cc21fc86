package io.slipway.runtime.layer;

import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarTime;
import io.slipway.image.tar.TarWriter;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes the changes of a snapshot as a layer's tar. The same tree always gives the same bytes:
 * sorted, modification times in whole seconds, nothing of inode numbers, access times or user
 * names. The root is no entry, no opaque marker is ever written, sockets are left out; the first
 * name of a file with several carries its content.
 */
public final class LayerWriter {
  private final WriterOptions options;

  public LayerWriter(WriterOptions options) {
    this.options = options;
  }

  /**
   * Writes the archive; the stream is flushed, not closed.
   *
   * @param changes a snapshot's directory of changes in overlay format; with no {@code below} any
   *     tree
   * @param below root of the merged layers below, to compare with
   * @return number of entries
   */
  public long write(Path changes, Optional<Path> below, OutputStream out) throws IOException {
    TarWriter tar = new TarWriter(out);
    try (EntryWriter entries = new EntryWriter(tar, options.newest(), options.users())) {
      Changes changed = new Changes(tar, entries);
      ChangeWalk.walk(changes, below, options.excluded(), changed);
      tar.finish();
      return changed.count;
    }
  }

  private static final class Changes implements ChangeVisitor {
    private final TarWriter tar;
    private final EntryWriter entries;
    private long count;

    Changes(TarWriter tar, EntryWriter entries) {
      this.tar = tar;
      this.entries = entries;
    }

    @Override
    public void present(ChangeKind kind, String path, Dir dir, String name, FileStatus status)
        throws IOException {
      Cancellation.check("writing a layer");
      count++;
      entries.put(path, dir, name, status);
    }

    @Override
    public void deleted(String path) throws IOException {
      count++;
      int slash = path.lastIndexOf('/') + 1;
      String hidden = path.substring(0, slash) + Whiteouts.PREFIX + path.substring(slash);
      tar.put(TarEntry.file(hidden, 0, 0, TarTime.EPOCH));
    }
  }
}
