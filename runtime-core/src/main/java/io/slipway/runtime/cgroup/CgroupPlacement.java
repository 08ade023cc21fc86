package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Fd;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a process gets into a cgroup: descriptors opened for one start or exec, closed once the child
 * has joined. On a mixed machine both parts are used.
 *
 * @param processFiles {@code cgroup.procs} of each v1 hierarchy, open for writing: the child writes
 *     {@code "0"} to each of them
 * @param directory the v2 directory, for {@code clone3(CLONE_INTO_CGROUP)}
 */
public record CgroupPlacement(List<Fd> processFiles, Optional<Fd> directory)
    implements AutoCloseable {
  public CgroupPlacement {
    processFiles = List.copyOf(processFiles);
    Objects.requireNonNull(directory, "directory");
  }

  @Override
  public void close() {
    processFiles.forEach(Fd::close);
    directory.ifPresent(Fd::close);
  }
}
