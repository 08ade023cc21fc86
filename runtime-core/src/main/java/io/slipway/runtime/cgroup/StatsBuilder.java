package io.slipway.runtime.cgroup;

import java.util.List;

/** Collects a measurement, part by part. */
final class StatsBuilder {
  private CgroupStats stats = CgroupStats.NOTHING;

  CgroupStats.Cpu cpu() {
    return stats.cpu();
  }

  void cpu(CgroupStats.Cpu cpu) {
    stats = new CgroupStats(cpu, stats.memory(), stats.pids(), stats.blockIo());
  }

  void memory(CgroupStats.Memory memory) {
    stats = new CgroupStats(stats.cpu(), memory, stats.pids(), stats.blockIo());
  }

  void pids(CgroupStats.Pids pids) {
    stats = new CgroupStats(stats.cpu(), stats.memory(), pids, stats.blockIo());
  }

  void blockIo(List<CgroupStats.BlockIo> blockIo) {
    stats = new CgroupStats(stats.cpu(), stats.memory(), stats.pids(), blockIo);
  }

  CgroupStats build() {
    return stats;
  }
}
