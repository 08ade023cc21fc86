package io.slipway.runtime.container;

import java.util.List;
import java.util.Objects;

/**
 * Who a process runs as, in the kernel's terms.
 *
 * @param groups supplementary groups, the primary one among them
 * @param home home directory from the passwd file, {@code /} if it has none
 */
public record Identity(int uid, int gid, List<Integer> groups, String home) {
  public Identity {
    groups = List.copyOf(groups);
    Objects.requireNonNull(home, "home");
  }

  public boolean isRoot() {
    return uid == 0;
  }
}
