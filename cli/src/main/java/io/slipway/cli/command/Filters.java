package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --filter key=value} options as the Engine API takes them. */
final class Filters {
  private Filters() {}

  /** The JSON of the {@code filters} parameter; empty when there is no filter. */
  static String json(List<String> options) {
    if (options.isEmpty()) {
      return "";
    }
    Map<String, JsonValue> filters = new LinkedHashMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      if (equals < 0) {
        throw new UsageException(
            "invalid argument \"%s\" for \"-f, --filter\" flag: bad format of filter (expected name=value)"
                .formatted(option));
      }
      String key = option.substring(0, equals).strip();
      Map<String, JsonValue> values =
          new LinkedHashMap<>(filters.getOrDefault(key, new JsonValue.Null()).members());
      values.put(option.substring(equals + 1).strip(), new JsonValue.Bool(true));
      filters.put(key, new JsonValue.Obj(values));
    }
    return new JsonValue.Obj(filters).print(false);
  }
}
