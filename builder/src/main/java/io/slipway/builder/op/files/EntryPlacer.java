package io.slipway.builder.op.files;

import io.slipway.builder.context.SourceEntry;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.EntryCopier;
import io.slipway.runtime.layer.FileCopier;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;

/** Puts files, links, devices and fifos at names that are free. For one thread. */
final class EntryPlacer implements AutoCloseable {
  private final CopyRules rules;
  private final FileCopier files = new FileCopier();

  EntryPlacer(CopyRules rules) {
    this.rules = rules;
  }

  void place(SourceEntry entry, Dir into, String newName) throws IOException {
    FileStatus status = entry.status();
    if (status.isRegular()) {
      files.copy(
          entry.parent(),
          entry.name(),
          status,
          into,
          newName,
          original -> rules.of(entry.counted(original), false, false));
      return;
    }
    Metadata metadata = rules.of(entry.metadata(), false, status.isSymlink());
    if (status.type() != FileStatus.S_IFSOCK) {
      EntryCopier.copy(entry.parent(), entry.name(), into, newName, metadata);
    } else if (entry.ownedByRoot()) {
      // a socket of a context arrives as an empty file, as docker's clients send it
      into.createFile(newName).close();
      into.apply(newName, metadata);
    } else {
      into.makeNode(newName, FileStatus.S_IFSOCK | metadata.permissions(), 0);
      into.apply(newName, metadata);
    }
  }

  @Override
  public void close() {
    files.close();
  }
}
