package io.slipway.runtime.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.runtime.spec.Resources;
import io.slipway.runtime.spec.Resources.DeviceRule;
import io.slipway.runtime.spec.Resources.Throttle;
import java.util.Locale;

/** The {@code resources} of a bundle: the limits that our cgroups have already. */
final class ResourcesJson {
  private ResourcesJson() {}

  static ObjectNode of(Resources resources) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode devices = json.putArray("devices");
    resources.devices().forEach(rule -> device(devices.addObject(), rule));
    memory(json.putObject("memory"), resources.memory());
    cpu(json.putObject("cpu"), resources.cpu());
    resources.pids().ifPresent(limit -> json.putObject("pids").put("limit", limit));
    blockIo(json.putObject("blockIO"), resources.blockIo());
    ArrayNode pages = json.putArray("hugepageLimits");
    resources
        .hugePages()
        .forEach((size, limit) -> pages.addObject().put("pageSize", size).put("limit", limit));
    return json;
  }

  private static void device(ObjectNode json, DeviceRule rule) {
    json.put("allow", rule.allow()).put("type", Character.toString(rule.type()));
    rule.major().ifPresent(number -> json.put("major", number));
    rule.minor().ifPresent(number -> json.put("minor", number));
    json.put("access", rule.access());
  }

  private static void memory(ObjectNode json, Resources.Memory memory) {
    memory.limitBytes().ifPresent(value -> json.put("limit", value));
    memory.reservationBytes().ifPresent(value -> json.put("reservation", value));
    memory.swapBytes().ifPresent(value -> json.put("swap", value));
    memory.swappiness().ifPresent(value -> json.put("swappiness", value));
    if (memory.disableOomKill()) {
      json.put("disableOOMKiller", true);
    }
  }

  private static void cpu(ObjectNode json, Resources.Cpu cpu) {
    cpu.shares().ifPresent(value -> json.put("shares", value));
    cpu.quotaMicros().ifPresent(value -> json.put("quota", value));
    cpu.periodMicros().ifPresent(value -> json.put("period", value));
    cpu.realtimeRuntimeMicros().ifPresent(value -> json.put("realtimeRuntime", value));
    cpu.realtimePeriodMicros().ifPresent(value -> json.put("realtimePeriod", value));
    cpu.cpus().ifPresent(value -> json.put("cpus", value));
    cpu.memoryNodes().ifPresent(value -> json.put("mems", value));
  }

  private static void blockIo(ObjectNode json, Resources.BlockIo io) {
    io.weight().ifPresent(value -> json.put("weight", value));
    ArrayNode weights = json.putArray("weightDevice");
    io.deviceWeights()
        .forEach(one ->
            weights
                .addObject()
                .put("major", one.major())
                .put("minor", one.minor())
                .put("weight", one.weight()));
    for (Throttle throttle : io.throttles()) {
      String direction = throttle.direction().name();
      String name =
          "throttle%s%s%sDevice"
              .formatted(
                  direction.charAt(0),
                  direction.substring(1).toLowerCase(Locale.ROOT),
                  throttle.unit() == Throttle.Unit.BYTES ? "Bps" : "IOPS");
      json.withArray("/" + name)
          .addObject()
          .put("major", throttle.major())
          .put("minor", throttle.minor())
          .put("rate", throttle.rate());
    }
  }
}
