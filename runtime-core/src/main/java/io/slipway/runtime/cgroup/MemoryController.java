package io.slipway.runtime.cgroup;

import io.slipway.runtime.spec.Resources;
import java.io.IOException;
import java.util.Map;

/** Memory, swap and what happens when they run out. */
final class MemoryController implements Controller {
  static final String V1_LIMIT = "memory.limit_in_bytes";
  static final String V1_SWAP = "memory.memsw.limit_in_bytes";
  static final String V1_OOM = "memory.oom_control";
  static final String V2_EVENTS = "memory.events";

  /** v1 writes "no limit" as the largest page-aligned number. */
  private static final long V1_NO_LIMIT = 0x7FFFFFFFFFFFF000L;

  @Override
  public String name(CgroupVersion version) {
    return "memory";
  }

  @Override
  public void apply(CgroupDirectory dir, Resources resources) throws IOException {
    switch (dir.version()) {
      case V1 -> applyV1(dir, resources.memory());
      case V2 -> applyV2(dir, resources.memory());
    }
  }

  private static void applyV1(CgroupDirectory dir, Resources.Memory memory) throws IOException {
    boolean countsSwap = memory.swapBytes().isPresent() && dir.has(V1_SWAP);
    // The sum may never be below the part: when both grow, the sum goes first.
    boolean sumFirst =
        countsSwap
            && memory.limitBytes().isPresent()
            && above(memory.limitBytes().getAsLong(), dir.readNumber(V1_SWAP));
    if (sumFirst) {
      swapV1(dir, memory);
    }
    if (memory.limitBytes().isPresent()) {
      long limit = memory.limitBytes().getAsLong();
      dir.limit("memory limit", V1_LIMIT, CgroupDirectory.number(limit));
    }
    if (countsSwap && !sumFirst) {
      swapV1(dir, memory);
    }
    if (memory.reservationBytes().isPresent()) {
      dir.limit(
          "memory reservation",
          "memory.soft_limit_in_bytes",
          CgroupDirectory.number(memory.reservationBytes().getAsLong()));
    }
    if (memory.swappiness().isPresent()) {
      dir.limit(
          "memory swappiness",
          "memory.swappiness",
          Integer.toString(memory.swappiness().getAsInt()));
    }
    if (memory.disableOomKill()) {
      dir.limit("oom kill disable", V1_OOM, "1");
    }
  }

  private static boolean above(long limit, long other) {
    return (limit < 0 ? Long.MAX_VALUE : limit) > other;
  }

  private static void swapV1(CgroupDirectory dir, Resources.Memory memory) throws IOException {
    long both = memory.swapBytes().getAsLong();
    dir.limit("memory and swap limit", V1_SWAP, CgroupDirectory.number(both));
  }

  private static void applyV2(CgroupDirectory dir, Resources.Memory memory) throws IOException {
    if (memory.swapBytes().isPresent() && dir.has("memory.swap.max")) {
      long both = memory.swapBytes().getAsLong();
      // Docker counts memory and swap together, v2 counts swap alone.
      long swap = both < 0 ? -1 : Math.max(0, both - memory.limitBytes().orElse(0));
      dir.limit("swap limit", "memory.swap.max", CgroupDirectory.numberOrMax(swap));
    }
    if (memory.limitBytes().isPresent()) {
      long limit = memory.limitBytes().getAsLong();
      dir.limit("memory limit", "memory.max", CgroupDirectory.numberOrMax(limit));
    }
    if (memory.reservationBytes().isPresent()) {
      long reservation = memory.reservationBytes().getAsLong();
      dir.limit("memory reservation", "memory.low", CgroupDirectory.numberOrMax(reservation));
    }
  }

  @Override
  public void measure(CgroupDirectory dir, StatsBuilder stats) throws IOException {
    Map<String, Long> detail = dir.readTable("memory.stat");
    if (dir.version() == CgroupVersion.V1) {
      long limit = dir.readNumber(V1_LIMIT);
      stats.memory(
          new CgroupStats.Memory(
              dir.readNumber("memory.usage_in_bytes"),
              dir.readNumber("memory.max_usage_in_bytes"),
              limit >= V1_NO_LIMIT ? Long.MAX_VALUE : limit,
              dir.readNumber("memory.failcnt"),
              detail));
      return;
    }
    stats.memory(
        new CgroupStats.Memory(
            dir.readNumber("memory.current"),
            dir.has("memory.peak") ? dir.readNumber("memory.peak") : 0,
            dir.readNumber("memory.max"),
            dir.readTable(V2_EVENTS).getOrDefault("max", 0L),
            detail));
  }

  /** Processes killed here for lack of memory. */
  static long oomKills(CgroupDirectory dir) throws IOException {
    String file = dir.version() == CgroupVersion.V1 ? V1_OOM : V2_EVENTS;
    return dir.readTable(file).getOrDefault("oom_kill", 0L);
  }
}
