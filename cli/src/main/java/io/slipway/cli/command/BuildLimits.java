package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import io.slipway.cli.client.Query;
import java.util.List;
import java.util.Map;

/** The options that limit the containers of a build. */
final class BuildLimits {
  /** Options that are whole numbers, and the parameters they become. */
  private static final Map<String, String> NUMBERS =
      Map.of("--cpu-period", "cpuperiod", "--cpu-quota", "cpuquota", "--cpu-shares", "cpushares");

  private BuildLimits() {}

  static void describe(Options options) {
    options
        .text("Set the parent cgroup of RUN instructions", "string", "--cgroup-parent")
        .text("Limit the CPU CFS (Completely Fair Scheduler) period", "int", "--cpu-period")
        .text("Limit the CPU CFS (Completely Fair Scheduler) quota", "int", "--cpu-quota")
        .text("CPU shares (relative weight)", "int", "-c", "--cpu-shares")
        .text("CPUs in which to allow execution (0-3, 0,1)", "string", "--cpuset-cpus")
        .text("MEMs in which to allow execution (0-3, 0,1)", "string", "--cpuset-mems")
        .text("Memory limit", "bytes", "-m", "--memory")
        .text("Swap limit equal to memory plus swap: -1 for no limit", "bytes", "--memory-swap")
        .list("Ulimit options", "ulimit", "--ulimit");
  }

  static Query on(Query plain, Invocation call) {
    Query query = plain;
    for (Map.Entry<String, String> number : NUMBERS.entrySet()) {
      String text = call.text(number.getKey());
      if (!text.matches("-?\\d{1,18}|")) {
        throw new UsageException(
            "invalid argument \"%s\" for \"%s\" flag: it must be a whole number"
                .formatted(text, number.getKey()));
      }
      query = query.ifPresent(number.getValue(), text);
    }
    List<JsonValue> ulimits = call.list("--ulimit").stream().map(ContainerRequest::ulimit).toList();
    return query
        .ifPresent("cgroupparent", call.text("--cgroup-parent"))
        .ifPresent("cpusetcpus", call.text("--cpuset-cpus"))
        .ifPresent("cpusetmems", call.text("--cpuset-mems"))
        .ifPresent("memory", bytes(call, "--memory"))
        .ifPresent("memswap", bytes(call, "--memory-swap"))
        .ifPresent("ulimits", ulimits.isEmpty() ? "" : new JsonValue.Arr(ulimits).print(false));
  }

  private static String bytes(Invocation call, String option) {
    String text = call.text(option);
    return text.isEmpty() || text.equals("-1") ? text : "" + ByteSize.parse(option, text);
  }
}
