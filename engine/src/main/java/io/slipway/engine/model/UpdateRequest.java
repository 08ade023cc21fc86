package io.slipway.engine.model;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What {@code docker update} may change; 0, null and empty mean: leave it. The names are those of
 * {@link HostConfig}.
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record UpdateRequest(
    int blkioWeight,
    long cpuShares,
    long nanoCpus,
    long cpuPeriod,
    long cpuQuota,
    long cpuRealtimePeriod,
    long cpuRealtimeRuntime,
    String cpusetCpus,
    String cpusetMems,
    long memory,
    long memoryReservation,
    long memorySwap,
    Long pidsLimit,
    Policy restartPolicy) {
  public UpdateRequest {
    cpusetCpus = cpusetCpus == null || cpusetCpus.isEmpty() ? null : cpusetCpus;
    cpusetMems = cpusetMems == null || cpusetMems.isEmpty() ? null : cpusetMems;
    pidsLimit = pidsLimit == null || pidsLimit == 0 ? null : pidsLimit;
    restartPolicy =
        restartPolicy == null || restartPolicy.name() == null || restartPolicy.name().isEmpty()
            ? null
            : restartPolicy;
  }

  /** A restart policy; without a name none is asked for. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Policy(String name, int maximumRetryCount) {}
}
