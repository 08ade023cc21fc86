package io.slipway.builder.op;

import io.slipway.image.tar.TarTime;
import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.TreeWalk;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.nio.file.Path;

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
    TreeWalk.walk(directory, this::apply);
  }

  private void apply(Dir dir, String name, FileStatus status) throws IOException {
    boolean newer =
        status.mtimeSeconds() > seconds
            || status.mtimeSeconds() == seconds && status.mtimeNanos() > 0;
    if (newer && !isWhiteout(status)) {
      dir.setModified(name, time());
    }
  }

  /** A mark that a file is gone, which no layer gives a time. */
  private static boolean isWhiteout(FileStatus status) {
    return status.type() == FileStatus.S_IFCHR && status.deviceNode() == 0;
  }
}
