package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;

/** {@code --mount type=bind,source=/a,target=/b,readonly} as the API's Mount. */
final class MountSpec {
  private MountSpec() {}

  static JsonValue parse(String text) {
    JsonObject mount = new JsonObject();
    mount.put("Type", new JsonValue.Text("volume"));
    boolean target = false;
    for (String field : text.split(",")) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? field : field.substring(0, equals);
      String value = equals < 0 ? "true" : field.substring(equals + 1);
      switch (key) {
        case "type" -> mount.put("Type", new JsonValue.Text(value));
        case "source", "src" -> mount.put("Source", new JsonValue.Text(value));
        case "target", "dst", "destination" -> {
          mount.put("Target", new JsonValue.Text(value));
          target = true;
        }
        case "readonly", "ro" ->
            mount.put("ReadOnly", new JsonValue.Bool(value.equals("true") || value.equals("1")));
        case "bind-propagation" -> mount.put("BindOptions.Propagation", new JsonValue.Text(value));
        case "volume-nocopy" -> mount.put("VolumeOptions.NoCopy", new JsonValue.Bool(true));
        case "tmpfs-size" ->
            mount.put(
                "TmpfsOptions.SizeBytes",
                new JsonValue.Num(Long.toString(ByteSize.parse("--mount", value))));
        case "tmpfs-mode" ->
            mount.put(
                "TmpfsOptions.Mode",
                new JsonValue.Num(Integer.toString(Integer.parseInt(value, 8))));
        default ->
            throw RunOption.invalid(
                "--mount", text, "unexpected key '" + key + "' in '" + field + "'");
      }
    }
    if (!target) {
      throw RunOption.invalid("--mount", text, "target is required");
    }
    return mount.value();
  }
}
