package io.slipway.engine.container;

import io.slipway.engine.model.Empty;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.engine.state.ContainerState;
import io.slipway.runtime.cgroup.CgroupMode;
import io.slipway.runtime.cgroup.CgroupStats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Measures containers: cgroup, network counters, and the machine's clock of processor time. */
final class StatsSampler {
  private static final Path PROC = Path.of("/proc");
  private static final long NANOS_PER_TICK = 10_000_000;

  /** user, nice, system, idle, iowait, irq, softirq: the kernel counts guests in them. */
  private static final int CPU_FIELDS = 7;

  private static final int COUNTERS = 16;
  private static final int SENT = 8;

  private final Clock clock;
  private final boolean versionOne;
  private final long memoryBytes;

  StatsSampler(Clock clock, CgroupMode cgroups) {
    this.clock = clock;
    this.versionOne = cgroups != CgroupMode.V2;
    this.memoryBytes = memoryBytes();
  }

  /** Now; zeros if it does not run. */
  StatsJson sample(Container container) throws IOException {
    Optional<Container.Run> run = container.run();
    if (run.isEmpty()) {
      return nothing(container.record());
    }
    CgroupStats stats;
    Map<String, StatsJson.Network> networks;
    try {
      stats = run.get().process().cgroup().stats();
      networks = networks(container.record(), run.get().process().pid());
    } catch (IOException e) {
      if (container.run().isEmpty()) {
        return nothing(container.record());
      }
      throw e;
    }
    ContainerRecord record = container.record();
    return new StatsJson(
        "/" + record.name(),
        record.id(),
        clock.instant(),
        ContainerState.NEVER,
        new StatsJson.Pids(stats.pids().current(), stats.pids().limit()),
        blockIo(stats.blockIo()),
        0,
        Empty.VALUE,
        cpu(stats.cpu()),
        StatsJson.Cpu.NOTHING,
        memory(stats.memory()),
        networks);
  }

  private static StatsJson nothing(ContainerRecord record) {
    Instant never = ContainerState.NEVER;
    return new StatsJson(
        "/" + record.name(),
        record.id(),
        never,
        never,
        new StatsJson.Pids(0, 0),
        StatsJson.BlockIo.NOTHING,
        0,
        Empty.VALUE,
        StatsJson.Cpu.NOTHING,
        StatsJson.Cpu.NOTHING,
        StatsJson.Memory.NOTHING,
        Map.of());
  }

  private static StatsJson.Cpu cpu(CgroupStats.Cpu cpu) throws IOException {
    long system = 0;
    int online = 0;
    for (String line : Files.readAllLines(PROC.resolve("stat"))) {
      if (line.startsWith("cpu ")) {
        String[] fields = line.strip().split("\\s+");
        for (int i = 1; i <= CPU_FIELDS; i++) {
          system += Long.parseLong(fields[i]) * NANOS_PER_TICK;
        }
      } else if (line.startsWith("cpu")) {
        online++;
      }
    }
    return new StatsJson.Cpu(
        new StatsJson.Cpu.Usage(
            cpu.totalNanos(), cpu.perCpuNanos(), cpu.systemNanos(), cpu.userNanos()),
        system,
        online,
        new StatsJson.Cpu.Throttling(cpu.periods(), cpu.throttledPeriods(), cpu.throttledNanos()));
  }

  private StatsJson.Memory memory(CgroupStats.Memory memory) {
    return new StatsJson.Memory(
        memory.usageBytes(),
        versionOne ? memory.maxUsageBytes() : 0,
        new TreeMap<>(memory.detail()),
        versionOne ? memory.limitHits() : 0,
        Math.min(memory.limitBytes(), memoryBytes));
  }

  private StatsJson.BlockIo blockIo(List<CgroupStats.BlockIo> disks) {
    List<StatsJson.BlockIo.Entry> bytes = new ArrayList<>();
    List<StatsJson.BlockIo.Entry> operations = new ArrayList<>();
    for (CgroupStats.BlockIo disk : disks) {
      String name = versionOne ? disk.operation() : disk.operation().toLowerCase(Locale.ROOT);
      bytes.add(new StatsJson.BlockIo.Entry(disk.major(), disk.minor(), name, disk.bytes()));
      operations.add(
          new StatsJson.BlockIo.Entry(disk.major(), disk.minor(), name, disk.operations()));
    }
    return new StatsJson.BlockIo(
        bytes.isEmpty() ? null : bytes,
        operations.isEmpty() || !versionOne ? null : operations,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The interfaces of its network namespace; of a namespace it shares with the host, none. */
  private static Map<String, StatsJson.Network> networks(ContainerRecord record, int pid)
      throws IOException {
    Map<String, StatsJson.Network> found = new TreeMap<>();
    if (record.hostConfig().networkMode().equals("host")) {
      return found;
    }
    Path table = PROC.resolve(Integer.toString(pid)).resolve("net/dev");
    for (String line : Files.readAllLines(table, StandardCharsets.ISO_8859_1)) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      String[] counters = line.substring(colon + 1).strip().split("\\s+");
      if (!name.isEmpty() && !name.equals("lo") && counters.length >= COUNTERS) {
        found.put(name, network(counters));
      }
    }
    return found;
  }

  private static StatsJson.Network network(String[] counters) {
    long[] numbers = new long[COUNTERS];
    for (int i = 0; i < COUNTERS; i++) {
      numbers[i] = Long.parseLong(counters[i]);
    }
    return new StatsJson.Network(
        numbers[0],
        numbers[1],
        numbers[2],
        numbers[3],
        numbers[SENT],
        numbers[SENT + 1],
        numbers[SENT + 2],
        numbers[SENT + 3]);
  }

  private static long memoryBytes() {
    var machine =
        (com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    return machine.getTotalMemorySize();
  }
}
