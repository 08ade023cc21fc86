package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.util.Map;

/** Processor time: weight, quota, realtime. */
final class CpuController implements Controller {
  private static final long MIN_SHARES = 2;
  private static final long MAX_SHARES = 262_144;
  private static final long MAX_WEIGHT = 10_000;
  private static final long DEFAULT_PERIOD = 100_000;
  private static final long NANOS_PER_MICRO = 1000;

  @Override
  public String name(CgroupVersion version) {
    return "cpu";
  }

  @Override
  public void apply(CgroupDirectory dir, Resources resources) throws IOException {
    switch (dir.version()) {
      case V1 -> applyV1(dir, resources.cpu());
      case V2 -> applyV2(dir, resources.cpu());
    }
  }

  private static void applyV1(CgroupDirectory dir, Resources.Cpu cpu) throws IOException {
    if (cpu.shares().isPresent()) {
      dir.limit("cpu shares", "cpu.shares", Long.toString(cpu.shares().getAsLong()));
    }
    if (cpu.periodMicros().isPresent()) {
      dir.limit("cpu period", "cpu.cfs_period_us", Long.toString(cpu.periodMicros().getAsLong()));
    }
    if (cpu.quotaMicros().isPresent()) {
      String quota = CgroupDirectory.number(cpu.quotaMicros().getAsLong());
      dir.limit("cpu quota", "cpu.cfs_quota_us", quota);
    }
    if (cpu.realtimePeriodMicros().isPresent()) {
      String period = Long.toString(cpu.realtimePeriodMicros().getAsLong());
      dir.limit("cpu realtime period", "cpu.rt_period_us", period);
    }
    if (cpu.realtimeRuntimeMicros().isPresent()) {
      String runtime = Long.toString(cpu.realtimeRuntimeMicros().getAsLong());
      dir.limit("cpu realtime runtime", "cpu.rt_runtime_us", runtime);
    }
  }

  private static void applyV2(CgroupDirectory dir, Resources.Cpu cpu) throws IOException {
    if (cpu.shares().isPresent()) {
      dir.limit("cpu shares", "cpu.weight", Long.toString(weight(cpu.shares().getAsLong())));
    }
    if (cpu.quotaMicros().isPresent() || cpu.periodMicros().isPresent()) {
      String quota = CgroupDirectory.numberOrMax(cpu.quotaMicros().orElse(-1));
      dir.limit("cpu quota", "cpu.max", quota + " " + cpu.periodMicros().orElse(DEFAULT_PERIOD));
    }
  }

  /** v1 shares 2..262144 on the v2 scale 1..10000, as runc maps them. */
  static long weight(long shares) {
    long inRange = Math.clamp(shares, MIN_SHARES, MAX_SHARES);
    return 1 + (inRange - MIN_SHARES) * (MAX_WEIGHT - 1) / (MAX_SHARES - MIN_SHARES);
  }

  @Override
  public void measure(CgroupDirectory dir, StatsBuilder stats) throws IOException {
    Map<String, Long> table = dir.readTable("cpu.stat");
    CgroupStats.Cpu before = stats.cpu();
    if (dir.version() == CgroupVersion.V1) {
      stats.cpu(
          new CgroupStats.Cpu(
              before.totalNanos(),
              before.userNanos(),
              before.systemNanos(),
              before.perCpuNanos(),
              table.getOrDefault("nr_periods", 0L),
              table.getOrDefault("nr_throttled", 0L),
              table.getOrDefault("throttled_time", 0L)));
      return;
    }
    stats.cpu(
        new CgroupStats.Cpu(
            table.getOrDefault("usage_usec", 0L) * NANOS_PER_MICRO,
            table.getOrDefault("user_usec", 0L) * NANOS_PER_MICRO,
            table.getOrDefault("system_usec", 0L) * NANOS_PER_MICRO,
            before.perCpuNanos(),
            table.getOrDefault("nr_periods", 0L),
            table.getOrDefault("nr_throttled", 0L),
            table.getOrDefault("throttled_usec", 0L) * NANOS_PER_MICRO));
  }
}
