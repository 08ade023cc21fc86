package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --device}, and the limits of block devices, which are {@code PATH:VALUE}. */
final class DeviceOptions {
  private static final Map<String, String> RATES = new LinkedHashMap<>();

  static {
    RATES.put("--device-read-bps", "BlkioDeviceReadBps");
    RATES.put("--device-write-bps", "BlkioDeviceWriteBps");
    RATES.put("--device-read-iops", "BlkioDeviceReadIOps");
    RATES.put("--device-write-iops", "BlkioDeviceWriteIOps");
  }

  private DeviceOptions() {}

  static void describe(Options options) {
    options
        .list("Add a host device to the container", "list", "--device")
        .list("Block IO weight (relative device weight)", "list", "--blkio-weight-device");
    RATES
        .keySet()
        .forEach(name ->
            options.list(
                "Limit "
                    + name.substring("--device-".length()).replace("-", " rate (")
                    + ") of a device",
                "list",
                name));
  }

  static void apply(Invocation call, JsonObject body) {
    put(body, "Devices", call.list("--device").stream().map(DeviceOptions::device).toList());
    List<JsonValue> weights = new ArrayList<>();
    for (String text : call.list("--blkio-weight-device")) {
      String[] parts = split("--blkio-weight-device", text);
      weights.add(limit(parts[0], "Weight", RunOption.number("--blkio-weight-device", parts[1])));
    }
    put(body, "BlkioWeightDevice", weights);
    RATES.forEach((name, member) -> {
      List<JsonValue> rates = new ArrayList<>();
      for (String text : call.list(name)) {
        String[] parts = split(name, text);
        rates.add(limit(parts[0], "Rate", rate(name, parts[1])));
      }
      put(body, member, rates);
    });
  }

  private static JsonValue rate(String name, String text) {
    return name.endsWith("bps")
        ? new JsonValue.Num(Long.toString(ByteSize.parse(name, text)))
        : RunOption.number(name, text);
  }

  private static JsonValue limit(String path, String member, JsonValue value) {
    return new JsonObject().put("Path", new JsonValue.Text(path)).put(member, value).value();
  }

  private static void put(JsonObject body, String member, List<JsonValue> values) {
    if (!values.isEmpty()) {
      body.put("HostConfig." + member, new JsonValue.Arr(values));
    }
  }

  private static String[] split(String name, String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.startsWith("/dev/")) {
      throw RunOption.invalid(name, text, "bad format for path: " + text);
    }
    return new String[] {text.substring(0, colon), text.substring(colon + 1)};
  }

  /** {@code /dev/x[:/dev/y][:rwm]}. */
  private static JsonValue device(String text) {
    String[] parts = text.split(":", -1);
    boolean rightsSecond = parts.length == 2 && parts[1].matches("[rwm]{1,3}");
    String inside = parts.length > 1 && !rightsSecond ? parts[1] : parts[0];
    String rights = parts.length == 3 ? parts[2] : rightsSecond ? parts[1] : "rwm";
    if (parts.length > 3 || !rights.matches("[rwm]{1,3}")) {
      throw new CommandFailure(125, "invalid device specification: " + text);
    }
    return new JsonObject()
        .put("PathOnHost", new JsonValue.Text(parts[0]))
        .put("PathInContainer", new JsonValue.Text(inside))
        .put("CgroupPermissions", new JsonValue.Text(rights))
        .value();
  }
}
