package io.slipway.runtime.container;

import io.slipway.runtime.spec.ProcessSpec;
import java.util.ArrayList;
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

  /** What a process of this user finds: HOME is its own unless it was given. */
  public List<String> environment(ProcessSpec process) {
    if (process.variable("HOME").isPresent()) {
      return process.env();
    }
    List<String> env = new ArrayList<>(process.env());
    env.add("HOME=" + home);
    return env;
  }

  public boolean isRoot() {
    return uid == 0;
  }
}
