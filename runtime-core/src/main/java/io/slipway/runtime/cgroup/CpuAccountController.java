package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Processor time used, which v1 counts in a controller of its own; it limits nothing. */
final class CpuAccountController implements Controller {
  /** The kernel tells user and system time in ticks of a fixed 100 Hz. */
  private static final long NANOS_PER_TICK = 10_000_000;

  @Override
  public String name(CgroupVersion version) {
    return "cpuacct";
  }

  @Override
  public void apply(CgroupDirectory dir, Resources resources) {
    // Counts only.
  }

  @Override
  public void measure(CgroupDirectory dir, StatsBuilder stats) throws IOException {
    Map<String, Long> ticks = dir.readTable("cpuacct.stat");
    List<Long> perCpu =
        Arrays.stream(dir.read("cpuacct.usage_percpu").split(" ")).map(Long::valueOf).toList();
    CgroupStats.Cpu before = stats.cpu();
    stats.cpu(
        new CgroupStats.Cpu(
            dir.readNumber("cpuacct.usage"),
            ticks.getOrDefault("user", 0L) * NANOS_PER_TICK,
            ticks.getOrDefault("system", 0L) * NANOS_PER_TICK,
            perCpu,
            before.periods(),
            before.throttledPeriods(),
            before.throttledNanos()));
  }
}
