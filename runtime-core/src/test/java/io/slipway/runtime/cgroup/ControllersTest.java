package io.slipway.runtime.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Resources.Throttle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each controller writes and reads, on plain files that stand for the kernel's. */
class ControllersTest {
  @TempDir Path directory;

  private CgroupDirectory v1(String... files) throws IOException {
    return directory(CgroupVersion.V1, files);
  }

  private CgroupDirectory v2(String... files) throws IOException {
    return directory(CgroupVersion.V2, files);
  }

  private CgroupDirectory directory(CgroupVersion version, String... files) throws IOException {
    for (String file : files) {
      Files.writeString(directory.resolve(file), "");
    }
    return new CgroupDirectory(version, directory);
  }

  private String written(String file) throws IOException {
    return Files.readString(directory.resolve(file));
  }

  private static Resources memory(long limit, long both) {
    return Resources.UNLIMITED.withMemory(
        new Resources.Memory(
            OptionalLong.of(limit),
            OptionalLong.of(limit / 2),
            OptionalLong.of(both),
            OptionalInt.empty(),
            false));
  }

  @Test
  void memoryOnVersionOne() throws IOException {
    CgroupDirectory dir =
        v1("memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.soft_limit_in_bytes");
    Files.writeString(directory.resolve("memory.memsw.limit_in_bytes"), "9223372036854771712\n");
    new MemoryController().apply(dir, memory(64 << 20, 128 << 20));
    assertThat(written("memory.limit_in_bytes")).isEqualTo("67108864");
    assertThat(written("memory.memsw.limit_in_bytes")).isEqualTo("134217728");
    assertThat(written("memory.soft_limit_in_bytes")).isEqualTo("33554432");
  }

  @Test
  void memoryWithoutSwapAccountingIsLimitedAlone() throws IOException {
    CgroupDirectory dir = v1("memory.limit_in_bytes", "memory.soft_limit_in_bytes");
    new MemoryController().apply(dir, memory(64 << 20, 128 << 20));
    assertThat(written("memory.limit_in_bytes")).isEqualTo("67108864");
  }

  @ParameterizedTest
  @CsvSource({"67108864, 134217728, 67108864", "67108864, -1, max", "67108864, 67108864, 0"})
  void swapOnVersionTwoIsCountedAlone(long limit, long both, String swap) throws IOException {
    CgroupDirectory dir = v2("memory.max", "memory.swap.max", "memory.low");
    new MemoryController().apply(dir, memory(limit, both));
    assertThat(written("memory.max")).isEqualTo("67108864");
    assertThat(written("memory.swap.max")).isEqualTo(swap);
    assertThat(written("memory.low")).isEqualTo("33554432");
  }

  @Test
  void nothingIsWrittenWithoutALimit() throws IOException {
    CgroupDirectory none = v1();
    for (Controller controller :
        List.of(
            new MemoryController(),
            new CpuController(),
            new CpusetController(),
            new PidsController(),
            new BlockIoController(),
            new HugePagesController(),
            new DevicesController())) {
      controller.apply(none, Resources.UNLIMITED);
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aLimitWithoutItsFileIsAnError() throws IOException {
    CgroupDirectory none = v1();
    Resources limited = Resources.UNLIMITED.withPids(OptionalLong.of(5));
    assertThatThrownBy(() -> new PidsController().apply(none, limited))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("set pids limit to 5")
        .hasMessageContaining("no such file");
  }

  @Test
  void cpuQuota() throws IOException {
    Resources half = Resources.UNLIMITED.withCpu(Resources.Cpu.nanoCpus(500_000_000));
    new CpuController().apply(v1("cpu.cfs_period_us", "cpu.cfs_quota_us"), half);
    assertThat(written("cpu.cfs_quota_us")).isEqualTo("50000");
    assertThat(written("cpu.cfs_period_us")).isEqualTo("100000");
    new CpuController().apply(v2("cpu.max"), half);
    assertThat(written("cpu.max")).isEqualTo("50000 100000");
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "1024, 39", "262144, 10000", "1, 1", "999999, 10000"})
  void sharesBecomeWeights(long shares, long weight) {
    assertThat(CpuController.weight(shares)).isEqualTo(weight);
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "500, 4950", "1000, 10000"})
  void diskWeights(int weight, int expected) {
    assertThat(BlockIoController.v2Weight(weight)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"100, 100", "0, max", "-1, max"})
  void pids(long limit, String expected) throws IOException {
    new PidsController()
        .apply(v2("pids.max"), Resources.UNLIMITED.withPids(OptionalLong.of(limit)));
    assertThat(written("pids.max")).isEqualTo(expected);
  }

  @Test
  void cpusetAndHugePages() throws IOException {
    Resources.Cpu cpu =
        new Resources.Cpu(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.of("0-1"),
            Optional.of("0"));
    new CpusetController()
        .apply(v1("cpuset.cpus", "cpuset.mems"), Resources.UNLIMITED.withCpu(cpu));
    assertThat(written("cpuset.cpus")).isEqualTo("0-1");
    Resources pages =
        new Resources(
            Resources.Memory.UNLIMITED,
            Resources.Cpu.UNLIMITED,
            OptionalLong.empty(),
            Resources.BlockIo.UNLIMITED,
            List.of(),
            Map.of("2MB", 4L << 20));
    new HugePagesController().apply(v2("hugetlb.2MB.max"), pages);
    assertThat(written("hugetlb.2MB.max")).isEqualTo("4194304");
  }

  @Test
  void throttlesOfADisk() throws IOException {
    Resources.BlockIo io =
        new Resources.BlockIo(
            OptionalInt.of(500),
            List.of(),
            List.of(new Throttle(Throttle.Direction.WRITE, Throttle.Unit.BYTES, 254, 0, 1 << 20)));
    Resources limited = Resources.UNLIMITED.withBlockIo(io);
    new BlockIoController().apply(v1("blkio.throttle.write_bps_device", "blkio.weight"), limited);
    assertThat(written("blkio.throttle.write_bps_device")).isEqualTo("254:0 1048576");
    assertThat(written("blkio.weight")).isEqualTo("500");
    new BlockIoController().apply(v2("io.max", "io.weight"), limited);
    assertThat(written("io.max")).isEqualTo("254:0 wbps=1048576");
    assertThat(written("io.weight")).isEqualTo("4950");
  }

  @Test
  void noRateAndNoWeightOfADisk() throws IOException {
    Resources.BlockIo io =
        new Resources.BlockIo(
            OptionalInt.empty(),
            List.of(new Resources.DeviceWeight(254, 0, 1000)),
            List.of(new Throttle(Throttle.Direction.READ, Throttle.Unit.OPERATIONS, 254, 0, 0)));
    Resources limited = Resources.UNLIMITED.withBlockIo(io);
    new BlockIoController().apply(v2("io.max", "io.bfq.weight"), limited);
    assertThat(written("io.max")).isEqualTo("254:0 riops=max");
    assertThat(written("io.bfq.weight")).isEqualTo("254:0 1000");
    CgroupDirectory without = v1("blkio.throttle.read_iops_device");
    assertThatThrownBy(() -> new BlockIoController().apply(without, limited))
        .hasMessage("blkio weight of a device cannot be set: this kernel has none");
    assertThat(BlockIoController.support(without))
        .isEqualTo(new BlockIoSupport(false, false, false));
  }

  @Test
  void measuresVersionTwo() throws IOException {
    CgroupDirectory dir = v2();
    Files.writeString(
        directory.resolve("cpu.stat"),
        "usage_usec 7\n"
            + "user_usec 4\n"
            + "system_usec 3\n"
            + "nr_periods 2\n"
            + "nr_throttled 1\n"
            + "throttled_usec 9\n");
    Files.writeString(directory.resolve("memory.stat"), "anon 4096\nfile 8192\n");
    Files.writeString(directory.resolve("memory.current"), "12288\n");
    Files.writeString(directory.resolve("memory.max"), "max\n");
    Files.writeString(directory.resolve("memory.events"), "max 3\noom 1\noom_kill 2\n");
    Files.writeString(directory.resolve("pids.current"), "4\n");
    Files.writeString(directory.resolve("pids.max"), "max\n");
    Files.writeString(directory.resolve("io.stat"), "254:0 rbytes=1 wbytes=2 rios=3 wios=4\n");
    StatsBuilder stats = new StatsBuilder();
    for (Controller c :
        List.of(
            new CpuController(),
            new MemoryController(),
            new PidsController(),
            new BlockIoController())) {
      c.measure(dir, stats);
    }
    CgroupStats read = stats.build();
    assertThat(read.cpu()).isEqualTo(new CgroupStats.Cpu(7000, 4000, 3000, List.of(), 2, 1, 9000));
    assertThat(read.memory().usageBytes()).isEqualTo(12288);
    assertThat(read.memory().limitBytes()).isEqualTo(Long.MAX_VALUE);
    assertThat(read.memory().limitHits()).isEqualTo(3);
    assertThat(read.pids()).isEqualTo(new CgroupStats.Pids(4, 0));
    assertThat(read.blockIo())
        .containsExactly(
            new CgroupStats.BlockIo(254, 0, "Read", 1, 3),
            new CgroupStats.BlockIo(254, 0, "Write", 2, 4));
    assertThat(MemoryController.oomKills(dir)).isEqualTo(2);
  }
}
