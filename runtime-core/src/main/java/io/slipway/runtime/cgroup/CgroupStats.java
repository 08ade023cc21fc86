package io.slipway.runtime.cgroup;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A measurement of a cgroup; parts whose controller is absent are zero or empty. */
public record CgroupStats(Cpu cpu, Memory memory, Pids pids, List<BlockIo> blockIo) {
  public static final CgroupStats NOTHING =
      new CgroupStats(
          new Cpu(0, 0, 0, List.of(), 0, 0, 0),
          new Memory(0, 0, 0, 0, Map.of()),
          new Pids(0, 0),
          List.of());

  public CgroupStats {
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(pids, "pids");
    blockIo = List.copyOf(blockIo);
  }

  /**
   * Processor time.
   *
   * @param perCpuNanos v1 only
   * @param periods scheduling periods with a quota, and how many of them were throttled
   */
  public record Cpu(
      long totalNanos,
      long userNanos,
      long systemNanos,
      List<Long> perCpuNanos,
      long periods,
      long throttledPeriods,
      long throttledNanos) {
    public Cpu {
      perCpuNanos = List.copyOf(perCpuNanos);
    }
  }

  /**
   * Memory in bytes.
   *
   * @param maxUsageBytes highest usage so far, 0 if the kernel does not tell
   * @param limitBytes {@link Long#MAX_VALUE} without a limit
   * @param limitHits how often the limit was met
   * @param detail the kernel's own table ({@code memory.stat})
   */
  public record Memory(
      long usageBytes,
      long maxUsageBytes,
      long limitBytes,
      long limitHits,
      Map<String, Long> detail) {
    public Memory {
      detail = Map.copyOf(detail);
    }
  }

  /**
   * Processes and threads.
   *
   * @param limit 0 without one
   */
  public record Pids(long current, long limit) {}

  /**
   * Traffic of one disk.
   *
   * @param operation {@code Read} or {@code Write}
   */
  public record BlockIo(long major, long minor, String operation, long bytes, long operations) {}
}
