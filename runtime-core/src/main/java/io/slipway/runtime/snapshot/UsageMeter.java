package io.slipway.runtime.snapshot;

import io.slipway.runtime.layer.TreeWalk;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Adds up what a directory holds. */
public final class UsageMeter {
  private final Set<Long> counted = new HashSet<>();
  private long bytes;
  private long entries;

  private UsageMeter() {}

  /**
   * The usage of what is below this directory now; files that come and go meanwhile are fine, and
   * of files with several names the first counts.
   */
  public static Usage measure(Path directory) throws IOException {
    UsageMeter meter = new UsageMeter();
    TreeWalk.walk(directory, (dir, name, status) -> meter.add(status));
    return new Usage(meter.bytes, meter.entries);
  }

  private void add(FileStatus status) {
    entries++;
    if (status.isRegular() && isFirstName(status)) {
      bytes += status.size();
    }
  }

  private boolean isFirstName(FileStatus status) {
    return status.links() == 1 || counted.add(status.inode());
  }
}
