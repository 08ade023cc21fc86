package io.slipway.builder.graph;

import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Rlimit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What each container of a build may use. Not part of a step's key: the limits of the machine that
 * ran it are none either.
 *
 * @param cgroupParent cgroup that those of the containers are made in; empty for the daemon's
 */
public record StepLimits(
    Resources.Memory memory,
    Resources.Cpu cpu,
    List<Rlimit> rlimits,
    Optional<String> cgroupParent) {
  public static final StepLimits NONE =
      new StepLimits(
          Resources.Memory.UNLIMITED, Resources.Cpu.UNLIMITED, List.of(), Optional.empty());

  public StepLimits {
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(cpu, "cpu");
    rlimits = List.copyOf(rlimits);
    Objects.requireNonNull(cgroupParent, "cgroupParent");
  }
}
