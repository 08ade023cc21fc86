package io.slipway.registry.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.slipway.image.error.Nearest;
import io.slipway.image.error.SlipwayException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fills records of settings from a tree of keys and values. */
final class SettingsBinder {
  private final Path base;

  /** {@code base}: the folder of relative paths. */
  SettingsBinder(Path base) {
    this.base = base;
  }

  /**
   * @param path of the section, empty for the whole
   * @throws SlipwayException INVALID naming the key at fault
   */
  <T> T section(Class<T> type, JsonNode node, String path) {
    if (!node.isObject() && !node.isNull()) {
      throw wrong(path, "want keys and values, got \"" + shortText(node) + "\"");
    }
    RecordComponent[] components = type.getRecordComponents();
    List<String> names = Arrays.stream(components).map(SettingsKey::name).toList();
    node.fieldNames()
        .forEachRemaining(name -> {
          if (!names.contains(name)) {
            throw unknown(path, name, names);
          }
        });
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String key = path.isEmpty() ? names.get(i) : path + "." + names.get(i);
      values[i] = component(components[i], node.get(names.get(i)), key);
    }
    return make(type, values, path);
  }

  private Object component(RecordComponent component, JsonNode node, String key) {
    Type type = component.getGenericType();
    if (node != null) {
      return value(type, node, key);
    }
    String preset = component.getAnnotation(Setting.class).preset();
    if (!preset.isEmpty()) {
      return value(type, TextNode.valueOf(preset), key);
    }
    if (SettingsKey.mayBeAbsent(type)) {
      return value(type, JsonNodeFactory.instance.nullNode(), key);
    }
    throw wrong(key, "is missing");
  }

  private Object value(Type type, JsonNode node, String key) {
    Class<?> raw = SettingsKey.raw(type);
    if (raw == Optional.class) {
      return node.isNull()
          ? Optional.empty()
          : Optional.of(value(SettingsKey.item(type), node, key));
    }
    if (raw == List.class) {
      return list(SettingsKey.item(type), node, key);
    }
    if (raw == Map.class) {
      return map(SettingsKey.item(type), node, key);
    }
    if (SettingsKey.isSection(type)) {
      return section(raw, node, key);
    }
    if (!node.isValueNode() || node.isNull()) {
      throw wrong(key, node.isNull() ? "has no value" : "want one value");
    }
    try {
      return SettingText.parse(raw, node.asText(), base);
    } catch (SlipwayException e) {
      throw wrong(key, e.getMessage());
    }
  }

  private List<Object> list(Type item, JsonNode node, String key) {
    List<Object> values = new ArrayList<>();
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        values.add(value(item, node.get(i), key + "[" + i + "]"));
      }
    } else if (node.isTextual() && !SettingsKey.isSection(item)) {
      for (String word : node.asText().split(",")) {
        values.add(value(item, TextNode.valueOf(word.strip()), key));
      }
    } else if (!node.isNull()) {
      throw wrong(key, "want a list");
    }
    return List.copyOf(values);
  }

  private Map<String, Object> map(Type item, JsonNode node, String key) {
    if (!node.isObject() && !node.isNull()) {
      throw wrong(key, "want names and values");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    node.properties()
        .forEach(field ->
            values.put(field.getKey(), value(item, field.getValue(), key + "." + field.getKey())));
    return java.util.Collections.unmodifiableMap(values);
  }

  private static <T> T make(Class<T> type, Object[] values, String path) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SlipwayException invalid) {
        throw wrong(path, invalid.getMessage());
      }
      throw new IllegalStateException(type + " cannot be made", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " has no public constructor", e);
    }
  }

  private static SlipwayException unknown(String path, String name, List<String> known) {
    String prefix = path.isEmpty() ? "" : path + ".";
    String hint =
        Nearest.to(name, known)
            .or(() -> elsewhere(name))
            .map(n -> n.contains(".") ? n : prefix + n)
            .map(n -> " (did you mean " + n + "?)")
            .orElse(", known are " + String.join(", ", known));
    return SlipwayException.invalid("unknown setting " + prefix + name + hint);
  }

  /** The setting of another section that goes by this name or nearly so. */
  private static Optional<String> elsewhere(String name) {
    List<SettingsKey> keys = SettingsKey.of(RegistrySettings.class);
    List<String> last = keys.stream().map(k -> last(k.path())).toList();
    return Nearest.to(name, last).map(n -> keys.get(last.indexOf(n)).path());
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  private static String shortText(JsonNode node) {
    String text = node.isValueNode() ? node.asText() : "a list";
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  private static SlipwayException wrong(String key, String what) {
    return SlipwayException.invalid(key.isEmpty() ? what : "setting " + key + ": " + what);
  }
}
