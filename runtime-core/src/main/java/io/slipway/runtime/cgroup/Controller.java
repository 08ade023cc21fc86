package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;

/** One kind of limit: how it is set and measured on either generation. */
interface Controller {

  /** The kernel's name on that generation: {@code blkio} is {@code io} on v2. */
  String name(CgroupVersion version);

  /** Sets the limits that have a value; the others keep what they are. */
  void apply(CgroupDirectory directory, Resources resources) throws IOException;

  /** Adds what this controller counts. */
  default void measure(CgroupDirectory directory, StatsBuilder stats) throws IOException {}
}
