package io.slipway.runtime.snapshot;

import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Adds up what a directory holds. */
public final class UsageMeter {
  private final Set<Long> counted = new HashSet<>();
  private long bytes;
  private long entries;

  private UsageMeter() {}

  /** The usage of what is below this directory now; files that come and go meanwhile are fine. */
  public static Usage measure(Path directory) throws LinuxException {
    UsageMeter meter = new UsageMeter();
    try (Dir dir = Dir.open(directory)) {
      meter.add(dir);
    }
    return new Usage(meter.bytes, meter.entries);
  }

  private void add(Dir dir) throws LinuxException {
    for (String name : dir.names()) {
      Optional<FileStatus> status = dir.status(name);
      if (status.isEmpty()) {
        continue;
      }
      entries++;
      if (status.get().isDirectory()) {
        try (Dir child = dir.directory(name)) {
          add(child);
        }
      } else if (status.get().isRegular() && isFirstName(status.get())) {
        bytes += status.get().size();
      }
    }
  }

  private boolean isFirstName(FileStatus status) {
    return status.links() == 1 || counted.add(status.inode());
  }
}
