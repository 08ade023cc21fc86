package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --device}, and the limits of block devices, which are {@code PATH:VALUE}. */
final class DeviceOptions {
  private static final String RULE = "--device-cgroup-rule";
  private static final String RIGHTS = "[rwm]{1,3}";
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
        .list("Add a rule to the cgroup allowed devices list", "list", RULE)
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
    put(body, "DeviceCgroupRules", call.list(RULE).stream().map(DeviceOptions::rule).toList());
    put(body, "Devices", call.list("--device").stream().map(DeviceOptions::device).toList());
    List<JsonValue> weights = new ArrayList<>();
    for (String text : call.list("--blkio-weight-device")) {
      String[] parts = split("--blkio-weight-device", text);
      weights.add(limit(parts[0], "Weight", weight("--blkio-weight-device", text, parts[1])));
    }
    put(body, "BlkioWeightDevice", weights);
    RATES.forEach((name, member) -> {
      List<JsonValue> rates = new ArrayList<>();
      for (String text : call.list(name)) {
        String[] parts = split(name, text);
        rates.add(limit(parts[0], "Rate", rate(name, text, parts[1])));
      }
      put(body, member, rates);
    });
  }

  private static JsonValue rate(String name, String device, String text) {
    boolean bytes = name.endsWith("bps");
    if (!text.matches(bytes ? "\\d+(\\.\\d+)? ?([kKmMgGtTpP]?i?[bB]?)" : "\\d{1,19}")) {
      throw RunOption.invalid(
          name,
          device,
          "invalid rate for device: "
              + device
              + ". The correct format is <device-path>:<number>"
              + (bytes ? "[<unit>]" : "")
              + ". Number must be a positive integer"
              + (bytes ? ". Unit is optional and can be kb, mb, or gb" : ""));
    }
    return new JsonValue.Num(bytes ? Long.toString(ByteSize.parse(name, text)) : text);
  }

  private static JsonValue weight(String name, String device, String text) {
    boolean fits = text.matches("\\d{1,4}");
    int weight = fits ? Integer.parseInt(text) : -1;
    if (weight != 0 && (weight < 10 || weight > 1000)) {
      throw RunOption.invalid(name, device, "invalid weight for device: " + device);
    }
    return new JsonValue.Num(text);
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
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw RunOption.invalid(name, text, "bad format: " + text);
    }
    if (!text.startsWith("/dev/")) {
      throw RunOption.invalid(name, text, "bad format for device path: " + text);
    }
    return new String[] {text.substring(0, colon), text.substring(colon + 1)};
  }

  /** {@code /dev/x[:/dev/y][:rwm]}. */
  private static JsonValue device(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length > 3 || parts[0].isEmpty()) {
      throw refused("bad format for path: " + text);
    }
    boolean rightsSecond = parts.length == 2 && parts[1].matches(RIGHTS);
    String inside = parts.length > 1 && !rightsSecond ? parts[1] : parts[0];
    String rights = parts.length == 3 ? parts[2] : rightsSecond ? parts[1] : "rwm";
    if (!rights.matches(RIGHTS)) {
      throw refused("bad mode specified: " + rights);
    }
    if (!inside.startsWith("/")) {
      throw refused(inside + " is not an absolute path");
    }
    return new JsonObject()
        .put("PathOnHost", new JsonValue.Text(parts[0]))
        .put("PathInContainer", new JsonValue.Text(inside))
        .put("CgroupPermissions", new JsonValue.Text(rights))
        .value();
  }

  private static CommandFailure refused(String reason) {
    return new CommandFailure(
        125, "slipway: " + reason + "\n\nRun 'slipway run --help' for more information");
  }

  private static JsonValue rule(String text) {
    if (!text.matches("[acb] ([0-9]+|\\*):([0-9]+|\\*) [rwm]{1,3}")) {
      throw RunOption.invalid(RULE, text, "invalid device cgroup format '" + text + "'");
    }
    return new JsonValue.Text(text);
  }
}
