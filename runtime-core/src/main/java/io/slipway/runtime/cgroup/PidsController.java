package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;

/** How many processes and threads. */
final class PidsController implements Controller {
  private static final String LIMIT = "pids.max";

  @Override
  public String name(CgroupVersion version) {
    return "pids";
  }

  @Override
  public void apply(CgroupDirectory dir, Resources resources) throws IOException {
    if (resources.pids().isPresent()) {
      long limit = resources.pids().getAsLong();
      // Docker takes 0 and -1 for "no limit".
      dir.limit("pids limit", LIMIT, limit <= 0 ? "max" : Long.toString(limit));
    }
  }

  @Override
  public void measure(CgroupDirectory dir, StatsBuilder stats) throws IOException {
    long limit = dir.readNumber(LIMIT);
    stats.pids(
        new CgroupStats.Pids(dir.readNumber("pids.current"), limit == Long.MAX_VALUE ? 0 : limit));
  }
}
