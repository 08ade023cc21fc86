package io.slipway.registry.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One setting as the records declare it.
 *
 * @param path as in YAML, levels joined by dots; {@code []} after a name stands for each item of a
 *     list
 */
record SettingsKey(String path, Type type, Setting setting) {

  /** The settings of a section and of the sections in it, in the order of declaration. */
  static List<SettingsKey> of(Class<?> section) {
    List<SettingsKey> keys = new ArrayList<>();
    collect(section, "", keys);
    return keys;
  }

  private static void collect(Class<?> section, String prefix, List<SettingsKey> keys) {
    for (RecordComponent component : section.getRecordComponents()) {
      String path = prefix + name(component);
      Type type = component.getGenericType();
      if (isSection(type)) {
        collect((Class<?>) type, path + ".", keys);
        continue;
      }
      keys.add(new SettingsKey(path, type, component.getAnnotation(Setting.class)));
      Type item = item(type);
      if (isSection(item)) {
        collect((Class<?>) item, path + (type.equals(item) ? "." : "[]."), keys);
      }
    }
  }

  /** {@code diskReserve} as {@code disk-reserve}. */
  static String name(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** A record of settings, in contrast to a record that is written as one text. */
  static boolean isSection(Type type) {
    return type instanceof Class<?> c
        && c.isRecord()
        && Arrays.stream(c.getRecordComponents())
            .anyMatch(component -> component.isAnnotationPresent(Setting.class));
  }

  /** What a list, map or Optional holds; the type itself if it is none. */
  static Type item(Type type) {
    return type instanceof ParameterizedType p
        ? p.getActualTypeArguments()[p.getActualTypeArguments().length - 1]
        : type;
  }

  static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
  }

  /** Whether it can be set by one word of the environment or the command line. */
  boolean isTop() {
    return !path.contains("[]");
  }

  /** The environment variable that sets it. */
  String variable() {
    return SettingsReader.VARIABLES + path.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** What may be left out without a preset. */
  static boolean mayBeAbsent(Type type) {
    return List.of(Optional.class, List.class, Map.class).contains(raw(type)) || isSection(type);
  }
}
