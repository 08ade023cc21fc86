package io.slipway.engine.container;

import io.slipway.engine.model.HostConfig;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Rlimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The limits of a host config in the runtime's terms. Pure. */
final class ResourceCompiler {
  private static final long NANO_PERIOD_MICROS = 100_000;
  private static final long NANOS = 1_000_000_000L;

  private static final Resources.DeviceRule EVERY_DEVICE =
      new Resources.DeviceRule(true, 'a', OptionalLong.empty(), OptionalLong.empty(), "rwm");

  private ResourceCompiler() {}

  static Resources resources(HostConfig host, DeviceGrants devices) {
    return new Resources(
        memory(host),
        cpu(host),
        positive(host.pidsLimit() == null ? 0 : host.pidsLimit()),
        new Resources.BlockIo(
            host.blkioWeight() == 0 ? OptionalInt.empty() : OptionalInt.of(host.blkioWeight()),
            devices.weights(),
            devices.throttles()),
        host.privileged() ? List.of(EVERY_DEVICE) : rules(devices),
        Map.of());
  }

  private static List<Resources.DeviceRule> rules(DeviceGrants devices) {
    List<Resources.DeviceRule> rules = new ArrayList<>(ContainerDefaults.deviceRules());
    rules.addAll(devices.rules());
    return rules;
  }

  private static Resources.Memory memory(HostConfig host) {
    long swap = host.memory() > 0 && host.memorySwap() == 0 ? host.memory() * 2 : host.memorySwap();
    long swappiness = host.memorySwappiness() == null ? -1 : host.memorySwappiness();
    return new Resources.Memory(
        positive(host.memory()),
        positive(host.memoryReservation()),
        swap == 0 ? OptionalLong.empty() : OptionalLong.of(swap),
        swappiness < 0 ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(swappiness)),
        Boolean.TRUE.equals(host.oomKillDisable()));
  }

  private static Resources.Cpu cpu(HostConfig host) {
    boolean nano = host.nanoCpus() > 0;
    long quota = nano ? host.nanoCpus() * NANO_PERIOD_MICROS / NANOS : host.cpuQuota();
    return new Resources.Cpu(
        positive(host.cpuShares()),
        quota == 0 ? OptionalLong.empty() : OptionalLong.of(quota),
        nano ? OptionalLong.of(NANO_PERIOD_MICROS) : positive(host.cpuPeriod()),
        positive(host.cpuRealtimeRuntime()),
        positive(host.cpuRealtimePeriod()),
        text(host.cpusetCpus()),
        text(host.cpusetMems()));
  }

  static List<Rlimit> rlimits(HostConfig host) {
    return host.ulimits().stream().map(ResourceCompiler::rlimit).toList();
  }

  private static Rlimit rlimit(HostConfig.Ulimit limit) {
    Rlimit.Kind kind =
        Rlimit.Kind.named(limit.name())
            .orElseThrow(() -> SlipwayException.invalid("invalid ulimit type: " + limit.name()));
    try {
      return new Rlimit(kind, limit.soft(), limit.hard());
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }

  private static OptionalLong positive(long value) {
    return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
  }

  private static Optional<String> text(String value) {
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }
}
