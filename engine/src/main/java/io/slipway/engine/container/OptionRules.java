package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a create request may not ask for: options that are not built yet (named, never ignored) and
 * combinations that make no sense.
 */
final class OptionRules {
  private static final long MIN_MEMORY_BYTES = 6L << 20;
  private static final Set<String> RESTART = Set.of("no", "always", "unless-stopped", "on-failure");

  /** An option by the name people type, and how to see that it was given. */
  private record Unsupported(String option, Predicate<HostConfig> given) {}

  private static final List<Unsupported> UNSUPPORTED =
      List.of(
          new Unsupported(
              "--volume-driver",
              h -> !h.volumeDriver().isEmpty() && !h.volumeDriver().equals("local")),
          new Unsupported("--storage-opt", h -> !h.storageOpt().isEmpty()),
          new Unsupported("--isolation", h -> !Set.of("", "default").contains(h.isolation())));

  private OptionRules() {}

  static void check(Config config, HostConfig host) {
    for (Unsupported rule : UNSUPPORTED) {
      if (rule.given().test(host)) {
        throw notBuilt(rule.option().strip());
      }
    }
    HealthPlan.check(config.healthcheck());
    LogOptions.of(host.logConfig());
    host.devices().forEach(DeviceGrants::permissions);
    checkNumbers(host);
    checkCombinations(config, host);
  }

  static SlipwayException notBuilt(String option) {
    return new SlipwayException(
        ErrorKind.UNSUPPORTED, option + " is not supported yet by this engine: leave it out");
  }

  static void checkNumbers(HostConfig host) {
    if (host.memory() != 0 && host.memory() < MIN_MEMORY_BYTES) {
      throw SlipwayException.invalid("Minimum memory limit allowed is 6MB");
    }
    if (host.memorySwap() > 0 && host.memory() == 0) {
      throw SlipwayException.invalid(
          "You should always set the Memory limit when using Memoryswap limit, see usage");
    }
    if (host.memorySwap() > 0 && host.memorySwap() < host.memory()) {
      throw SlipwayException.invalid(
          "Minimum memoryswap limit should be larger than memory limit, see usage");
    }
    if (host.nanoCpus() < 0) {
      throw SlipwayException.invalid("Range of CPUs is from 0.01 up: NanoCpus is negative");
    }
    if (host.nanoCpus() > 0 && (host.cpuPeriod() > 0 || host.cpuQuota() > 0)) {
      throw SlipwayException.invalid(
          "Conflicting options: Nano CPUs and CPU Period or Quota cannot both be set.");
    }
    if (Stream.of(
            host.blkioDeviceReadBps(),
            host.blkioDeviceWriteBps(),
            host.blkioDeviceReadIops(),
            host.blkioDeviceWriteIops())
        .flatMap(List::stream)
        .anyMatch(device -> device.rate() < 0)) {
      throw SlipwayException.invalid("the rate of a device cannot be negative");
    }
    if (host.shmSize() < 0) {
      throw SlipwayException.invalid("SHM size can not be less than 0");
    }
    if (host.oomScoreAdj() < -1000 || host.oomScoreAdj() > 1000) {
      throw SlipwayException.invalid(
          "Invalid value " + host.oomScoreAdj() + ", range for oom score adj is [-1000, 1000]");
    }
  }

  static void checkRestart(HostConfig host) {
    HostConfig.RestartPolicy policy = host.restartPolicy();
    int retries = policy.maximumRetryCount();
    String wrong = "invalid restart policy: ";
    if (!RESTART.contains(policy.name())) {
      throw SlipwayException.invalid(
          wrong
              + "unknown policy '"
              + policy.name()
              + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
    }
    if (policy.name().equals("on-failure")) {
      if (retries < 0) {
        throw SlipwayException.invalid(wrong + "maximum retry count cannot be negative");
      }
    } else if (retries != 0) {
      throw SlipwayException.invalid(
          wrong
              + "maximum retry count can only be used with 'on-failure'"
              + (retries < 0 ? " and cannot be negative" : ""));
    }
    if (host.autoRemove() && !policy.name().equals("no")) {
      throw SlipwayException.invalid("can't create 'AutoRemove' container with restart policy");
    }
  }

  private static void checkCombinations(Config config, HostConfig host) {
    checkRestart(host);
    if (host.utsMode().equals("host") && !config.hostname().isEmpty()) {
      throw SlipwayException.invalid("conflicting options: hostname and the UTS mode");
    }
    if (!config.workingDir().isEmpty() && !config.workingDir().startsWith("/")) {
      throw SlipwayException.invalid(
          "the working directory '"
              + config.workingDir()
              + "' is invalid, it needs to be an absolute path");
    }
    for (String variable : config.env()) {
      if (variable.isEmpty() || variable.startsWith("=")) {
        throw SlipwayException.invalid("invalid environment variable: " + variable);
      }
    }
    if (config.stopTimeout() != null && config.stopTimeout() < -1) {
      throw SlipwayException.invalid("invalid stop timeout: " + config.stopTimeout());
    }
    if (!config.stopSignal().isEmpty()) {
      Signals.parse(config.stopSignal());
    }
  }
}
