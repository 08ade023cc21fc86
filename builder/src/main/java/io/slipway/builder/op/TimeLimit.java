package io.slipway.builder.op;

import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A time that nothing a step makes is newer than, so that the same step makes the same layer
 * whenever it runs. Set when a result is kept: files made by a step, or copied with a newer time,
 * get it; older times stay.
 *
 * @param seconds since 1970
 * @param demanded results made without a limit must not be used; else they are used as they are
 */
public record TimeLimit(long seconds, boolean demanded) {

  TarTime time() {
    return new TarTime(seconds, 0);
  }

  /** Sets the times of everything in a directory that is newer. */
  void apply(Path directory) throws IOException {
    try (Dir dir = Dir.open(directory)) {
      apply(dir);
    }
  }

  private void apply(Dir dir) throws IOException {
    TarTime limit = time();
    for (String name : dir.names()) {
      Optional<FileStatus> status = dir.status(name);
      if (status.isEmpty()) {
        continue;
      }
      if (status.get().isDirectory()) {
        try (Dir child = dir.directory(name)) {
          apply(child);
        }
      }
      boolean newer =
          status.get().mtimeSeconds() > seconds
              || status.get().mtimeSeconds() == seconds && status.get().mtimeNanos() > 0;
      if (newer && !isWhiteout(status.get())) {
        dir.setModified(name, limit);
      }
    }
  }

  /** A mark that a file is gone, which no layer gives a time. */
  private static boolean isWhiteout(FileStatus status) {
    return status.type() == FileStatus.S_IFCHR && status.deviceNode() == 0;
  }
}
