package io.slipway.runtime.spec;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits on a container, one part per cgroup controller. An empty value sets nothing.
 *
 * @param pids how many processes and threads; -1 for no limit
 * @param devices rules in order, the last match decides; an empty list touches nothing
 * @param hugePages page size as the kernel spells it ({@code 2MB}) to limit in bytes
 */
public record Resources(
    Memory memory,
    Cpu cpu,
    OptionalLong pids,
    BlockIo blockIo,
    List<DeviceRule> devices,
    Map<String, Long> hugePages) {
  /** No limit at all, and every device allowed. */
  public static final Resources UNLIMITED =
      new Resources(
          Memory.UNLIMITED,
          Cpu.UNLIMITED,
          OptionalLong.empty(),
          BlockIo.UNLIMITED,
          List.of(),
          Map.of());

  public Resources {
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(cpu, "cpu");
    Objects.requireNonNull(pids, "pids");
    Objects.requireNonNull(blockIo, "blockIo");
    devices = List.copyOf(devices);
    hugePages = Map.copyOf(hugePages);
  }

  public Resources withMemory(Memory value) {
    return new Resources(value, cpu, pids, blockIo, devices, hugePages);
  }

  public Resources withCpu(Cpu value) {
    return new Resources(memory, value, pids, blockIo, devices, hugePages);
  }

  public Resources withPids(OptionalLong value) {
    return new Resources(memory, cpu, value, blockIo, devices, hugePages);
  }

  public Resources withBlockIo(BlockIo value) {
    return new Resources(memory, cpu, pids, value, devices, hugePages);
  }

  public Resources withDevices(List<DeviceRule> value) {
    return new Resources(memory, cpu, pids, blockIo, value, hugePages);
  }

  /**
   * Memory in bytes; -1 means explicitly no limit.
   *
   * @param swapBytes memory and swap together, as Docker counts ({@code --memory-swap})
   * @param swappiness 0 to 100; cgroup v1 only
   * @param disableOomKill let the container hang instead of killing it; cgroup v1 only
   */
  public record Memory(
      OptionalLong limitBytes,
      OptionalLong reservationBytes,
      OptionalLong swapBytes,
      OptionalInt swappiness,
      boolean disableOomKill) {
    public static final Memory UNLIMITED =
        new Memory(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalInt.empty(),
            false);

    /** A limit on memory, with Docker's default of twice that for memory and swap. */
    public static Memory limit(long bytes) {
      return new Memory(
          OptionalLong.of(bytes),
          OptionalLong.empty(),
          OptionalLong.of(bytes * 2),
          OptionalInt.empty(),
          false);
    }
  }

  /**
   * Processor time.
   *
   * @param shares weight against others, 2 to 262144 ({@code --cpu-shares})
   * @param cpus list of processors, {@code 0-2,5}
   * @param memoryNodes list of memory nodes
   */
  public record Cpu(
      OptionalLong shares,
      OptionalLong quotaMicros,
      OptionalLong periodMicros,
      OptionalLong realtimeRuntimeMicros,
      OptionalLong realtimePeriodMicros,
      Optional<String> cpus,
      Optional<String> memoryNodes) {
    public static final Cpu UNLIMITED =
        new Cpu(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty());

    /** Docker's {@code --cpus}: a quota in periods of 100 ms. */
    public static Cpu nanoCpus(long nanoCpus) {
      long period = 100_000;
      return new Cpu(
          OptionalLong.empty(),
          OptionalLong.of(nanoCpus * period / 1_000_000_000),
          OptionalLong.of(period),
          OptionalLong.empty(),
          OptionalLong.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }

  /**
   * Disk traffic.
   *
   * @param weight 10 to 1000
   */
  public record BlockIo(
      OptionalInt weight, List<DeviceWeight> deviceWeights, List<Throttle> throttles) {
    public static final BlockIo UNLIMITED = new BlockIo(OptionalInt.empty(), List.of(), List.of());

    public BlockIo {
      Objects.requireNonNull(weight, "weight");
      deviceWeights = List.copyOf(deviceWeights);
      throttles = List.copyOf(throttles);
    }
  }

  /** Weight of one disk. */
  public record DeviceWeight(long major, long minor, int weight) {}

  /** A rate on one disk, in bytes or operations per second. */
  public record Throttle(Direction direction, Unit unit, long major, long minor, long rate) {

    /** Which way the data goes. */
    public enum Direction {
      READ,
      WRITE
    }

    /** What is counted. */
    public enum Unit {
      BYTES,
      OPERATIONS
    }
  }

  /**
   * Whether a device may be used.
   *
   * @param type {@code a} (all), {@code b} or {@code c}
   * @param major empty for every one
   * @param access any of {@code r}, {@code w}, {@code m} (make the node)
   */
  public record DeviceRule(
      boolean allow, char type, OptionalLong major, OptionalLong minor, String access) {
    public DeviceRule {
      if ("abc".indexOf(type) < 0 || !access.matches("[rwm]{1,3}")) {
        throw new IllegalArgumentException("invalid device rule: " + type + " " + access);
      }
    }
  }
}
