package io.slipway.builder.graph;

import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Rlimit;
import java.util.List;
import java.util.Objects;

/**
 * What each container of a build may use. Not part of a step's key: the limits of the machine that
 * ran it are none either.
 */
public record StepLimits(Resources.Memory memory, Resources.Cpu cpu, List<Rlimit> rlimits) {
  public static final StepLimits NONE =
      new StepLimits(Resources.Memory.UNLIMITED, Resources.Cpu.UNLIMITED, List.of());

  public StepLimits {
    Objects.requireNonNull(memory, "memory");
    Objects.requireNonNull(cpu, "cpu");
    rlimits = List.copyOf(rlimits);
  }
}
