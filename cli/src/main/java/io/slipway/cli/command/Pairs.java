package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Options of the form {@code key=value}, such as labels, as a JSON object. */
final class Pairs {
  private Pairs() {}

  /** A key without a value means the empty text. */
  static JsonValue.Obj of(List<String> options) {
    Map<String, JsonValue> all = new LinkedHashMap<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      String key = equals < 0 ? option : option.substring(0, equals);
      all.put(key, new JsonValue.Text(equals < 0 ? "" : option.substring(equals + 1)));
    }
    return new JsonValue.Obj(all);
  }
}
