package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object while a request is put together. */
final class JsonObject {
  private final Map<String, Object> members = new LinkedHashMap<>();

  /** Sets the member at a dotted path. */
  JsonObject put(String path, JsonValue value) {
    int dot = path.lastIndexOf('.');
    (dot < 0 ? this : in(path.substring(0, dot))).members.put(path.substring(dot + 1), value);
    return this;
  }

  /** Sets a member of this object; the name may hold dots. */
  JsonObject putName(String name, JsonValue value) {
    members.put(name, value);
    return this;
  }

  /** Sets a list of strings, unless it is empty. */
  JsonObject putTexts(String path, List<String> texts) {
    if (!texts.isEmpty()) {
      put(path, texts(texts));
    }
    return this;
  }

  static JsonValue texts(List<String> texts) {
    return new JsonValue.Arr(texts.stream().<JsonValue>map(JsonValue.Text::new).toList());
  }

  /** The object at a dotted path, made if it is not there. */
  JsonObject in(String path) {
    JsonObject at = this;
    for (String name : path.split("\\.")) {
      Object next = at.members.computeIfAbsent(name, n -> new JsonObject());
      if (!(next instanceof JsonObject object)) {
        throw new IllegalStateException(path + " is not an object");
      }
      at = object;
    }
    return at;
  }

  JsonValue.Obj value() {
    Map<String, JsonValue> values = new LinkedHashMap<>();
    members.forEach((name, member) ->
        values.put(name, member instanceof JsonObject o ? o.value() : (JsonValue) member));
    return new JsonValue.Obj(values);
  }
}
