package io.slipway.engine.container;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.slipway.engine.model.Empty;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A measurement of a container as the API shows it. */
record StatsJson(
    @JsonProperty("name") String name,
    @JsonProperty("id") String id,
    @JsonProperty("read") Instant read,
    @JsonProperty("preread") Instant preread,
    @JsonProperty("pids_stats") Pids pids,
    @JsonProperty("blkio_stats") BlockIo blockIo,
    @JsonProperty("num_procs") int processes,
    @JsonProperty("storage_stats") Empty storage,
    @JsonProperty("cpu_stats") Cpu cpu,
    @JsonProperty("precpu_stats") Cpu precpu,
    @JsonProperty("memory_stats") Memory memory,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("networks")
        Map<String, Network> networks) {

  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  record Pids(@JsonProperty("current") long current, @JsonProperty("limit") long limit) {}

  /** Only the bytes and operations are counted by kernels of today. */
  record BlockIo(
      @JsonProperty("io_service_bytes_recursive") List<Entry> bytes,
      @JsonProperty("io_serviced_recursive") List<Entry> operations,
      @JsonProperty("io_queue_recursive") List<Entry> queue,
      @JsonProperty("io_service_time_recursive") List<Entry> serviceTime,
      @JsonProperty("io_wait_time_recursive") List<Entry> waitTime,
      @JsonProperty("io_merged_recursive") List<Entry> merged,
      @JsonProperty("io_time_recursive") List<Entry> time,
      @JsonProperty("sectors_recursive") List<Entry> sectors) {
    static final BlockIo NOTHING = new BlockIo(null, null, null, null, null, null, null, null);

    record Entry(
        @JsonProperty("major") long major,
        @JsonProperty("minor") long minor,
        @JsonProperty("op") String operation,
        @JsonProperty("value") long value) {}
  }

  record Cpu(
      @JsonProperty("cpu_usage") Usage usage,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonProperty("system_cpu_usage")
          long systemNanos,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) @JsonProperty("online_cpus") int online,
      @JsonProperty("throttling_data") Throttling throttling) {
    static final Cpu NOTHING =
        new Cpu(new Usage(0, List.of(), 0, 0), 0, 0, new Throttling(0, 0, 0));

    record Usage(
        @JsonProperty("total_usage") long total,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("percpu_usage") List<Long> perCpu,
        @JsonProperty("usage_in_kernelmode") long kernel,
        @JsonProperty("usage_in_usermode") long user) {}

    record Throttling(
        @JsonProperty("periods") long periods,
        @JsonProperty("throttled_periods") long throttledPeriods,
        @JsonProperty("throttled_time") long throttledNanos) {}
  }

  /** The kernel's own table of a container that runs is not empty. */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  record Memory(
      @JsonProperty("usage") long usage,
      @JsonProperty("max_usage") long maxUsage,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonProperty("stats") Map<String, Long> stats,
      @JsonProperty("failcnt") long failures,
      @JsonProperty("limit") long limit) {
    static final Memory NOTHING = new Memory(0, 0, Map.of(), 0, 0);
  }

  record Network(
      @JsonProperty("rx_bytes") long receivedBytes,
      @JsonProperty("rx_packets") long receivedPackets,
      @JsonProperty("rx_errors") long receiveErrors,
      @JsonProperty("rx_dropped") long receiveDropped,
      @JsonProperty("tx_bytes") long sentBytes,
      @JsonProperty("tx_packets") long sentPackets,
      @JsonProperty("tx_errors") long sendErrors,
      @JsonProperty("tx_dropped") long sendDropped) {}

  /** The same after an earlier measurement. */
  StatsJson after(StatsJson before) {
    return new StatsJson(
        name,
        id,
        read,
        before.read,
        pids,
        blockIo,
        processes,
        storage,
        cpu,
        before.cpu,
        memory,
        networks);
  }
}
