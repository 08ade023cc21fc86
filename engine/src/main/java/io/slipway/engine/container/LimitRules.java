package io.slipway.engine.container;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.cgroup.BlockIoSupport;
import io.slipway.runtime.cgroup.CgroupDriver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Limits that this daemon can set: the kernel must know them, and the daemon must have the cgroups.
 * As in Docker, others are taken out of the request, with a warning.
 */
final class LimitRules {
  private static final int MIN_WEIGHT = 10;
  private static final int MAX_WEIGHT = 1000;

  /** A limit by its fields, and what is said if it cannot be had. */
  private record Limit(
      List<String> fields, Predicate<HostConfig> given, Needs needs, String warning) {}

  /** Whether a limit can be had. */
  @FunctionalInterface
  private interface Needs {
    boolean met(Support support) throws IOException;
  }

  private static final String CANNOT = "Your kernel does not support ";
  private static final String ABSENT = " or the cgroup is not mounted. ";

  private static final List<Limit> LIMITS =
      List.of(
          new Limit(
              List.of("Memory", "MemorySwap"),
              h -> h.memory() > 0,
              controller("memory"),
              CANNOT + "memory limit capabilities" + ABSENT + "Limitation discarded."),
          new Limit(
              List.of("MemoryReservation"),
              h -> h.memoryReservation() > 0,
              controller("memory"),
              CANNOT + "memory soft limit capabilities" + ABSENT + "Limitation discarded."),
          new Limit(
              List.of("OomKillDisable"),
              h -> Boolean.TRUE.equals(h.oomKillDisable()),
              controller("memory"),
              CANNOT + "OomKillDisable. OomKillDisable discarded."),
          new Limit(
              List.of("PidsLimit"),
              h -> h.pidsLimit() != null && h.pidsLimit() > 0,
              controller("pids"),
              CANNOT + "PIDs limit capabilities" + ABSENT + "PIDs limit discarded."),
          new Limit(
              List.of("CpuShares"),
              h -> h.cpuShares() > 0,
              controller("cpu"),
              CANNOT + "CPU shares" + ABSENT + "Shares discarded."),
          new Limit(
              List.of("CpuPeriod", "CpuQuota"),
              h -> h.cpuPeriod() != 0 || h.cpuQuota() != 0,
              controller("cpu"),
              CANNOT + "CPU CFS scheduler. CPU period/quota discarded."),
          new Limit(
              List.of("CpusetCpus", "CpusetMems"),
              h -> !h.cpusetCpus().isEmpty() || !h.cpusetMems().isEmpty(),
              controller("cpuset"),
              CANNOT + "cpuset" + ABSENT + "Cpuset discarded."),
          new Limit(
              List.of("BlkioWeight"),
              h -> h.blkioWeight() != 0,
              support -> support.blockIo().weight(),
              CANNOT + "Block I/O weight" + ABSENT + "Weight discarded."),
          new Limit(
              List.of("BlkioWeightDevice"),
              h -> !h.blkioWeightDevice().isEmpty(),
              support -> support.blockIo().deviceWeight(),
              CANNOT + "Block I/O weight_device" + ABSENT + "Weight-device discarded."),
          new Limit(
              List.of("BlkioDeviceReadBps"),
              h -> !h.blkioDeviceReadBps().isEmpty(),
              support -> support.blockIo().throttles(),
              CANNOT + "BPS Block I/O read limit" + ABSENT + "Block I/O BPS read limit discarded."),
          new Limit(
              List.of("BlkioDeviceWriteBps"),
              h -> !h.blkioDeviceWriteBps().isEmpty(),
              support -> support.blockIo().throttles(),
              CANNOT
                  + "BPS Block I/O write limit"
                  + ABSENT
                  + "Block I/O BPS write limit discarded."),
          new Limit(
              List.of("BlkioDeviceReadIOps"),
              h -> !h.blkioDeviceReadIops().isEmpty(),
              support -> support.blockIo().throttles(),
              CANNOT + "IOPS Block read limit" + ABSENT + "Block I/O IOPS read limit discarded."),
          new Limit(
              List.of("BlkioDeviceWriteIOps"),
              h -> !h.blkioDeviceWriteIops().isEmpty(),
              support -> support.blockIo().throttles(),
              CANNOT
                  + "IOPS Block I/O write limit"
                  + ABSENT
                  + "Block I/O IOPS write limit discarded."));

  private LimitRules() {}

  private static Needs controller(String name) {
    return support -> support.controllers().contains(name);
  }

  /** What this daemon can limit; asked only for a limit that is wished for. */
  interface Support {
    /** The kernel's names of the controllers there are. */
    List<String> controllers();

    /** What of disk traffic. */
    BlockIoSupport blockIo() throws IOException;

    /** What a driver can. */
    static Support of(CgroupDriver driver) {
      return new Support() {
        @Override
        public List<String> controllers() {
          return driver.controllers();
        }

        @Override
        public BlockIoSupport blockIo() throws IOException {
          return driver.blockIo();
        }
      };
    }
  }

  /** A request without what cannot be had, and what its client should know. */
  record Kept(HostConfig host, List<String> warnings) {}

  static Kept apply(HostConfig host, Support support) throws IOException {
    Optional<ObjectNode> changed = Optional.empty();
    List<String> warnings = new ArrayList<>();
    for (Limit limit : LIMITS) {
      if (limit.given().test(host) && !limit.needs().met(support)) {
        ObjectNode tree = changed.isPresent() ? changed.get() : (ObjectNode) Json.tree(host);
        tree.remove(limit.fields());
        changed = Optional.of(tree);
        warnings.add(limit.warning());
      }
    }
    if (host.nanoCpus() > 0 && !support.controllers().contains("cpu")) {
      throw SlipwayException.invalid(
          "NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler or the cgroup"
              + " is not mounted");
    }
    HostConfig kept = changed.isPresent() ? Json.convert(changed.get(), HostConfig.class) : host;
    checkWeights(kept);
    return new Kept(kept, warnings);
  }

  private static void checkWeights(HostConfig host) {
    checkWeight(host.blkioWeight());
    host.blkioWeightDevice().forEach(device -> checkWeight(device.weight()));
  }

  private static void checkWeight(int weight) {
    if (weight != 0 && (weight < MIN_WEIGHT || weight > MAX_WEIGHT)) {
      throw SlipwayException.invalid("range of blkio weight is from 10 to 1000");
    }
  }
}
