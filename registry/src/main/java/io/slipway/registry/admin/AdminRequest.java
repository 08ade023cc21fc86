package io.slipway.registry.admin;

import java.util.Objects;

/**
 * An order.
 *
 * @param dryRun only tell what would be done
 * @param grace for {@link Task#GC}, in place of the configured grace period; empty: that one
 */
public record AdminRequest(Task task, boolean dryRun, String grace) {

  /** What can be ordered. */
  public enum Task {
    GC
  }

  public AdminRequest {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(grace, "grace");
  }
}
