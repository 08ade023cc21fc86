package io.slipway.runtime.cgroup;

import java.nio.file.Path;
import java.util.Objects;

/**
 * One of a container's directories, for its own {@code /sys/fs/cgroup}.
 *
 * @param name directory it is shown as ({@code memory}, {@code unified}); empty if it is the whole
 *     of {@code /sys/fs/cgroup}, which is so where v2 alone is mounted
 */
public record CgroupView(String name, Path directory) {
  public CgroupView {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(directory, "directory");
  }
}
