package io.slipway.engine.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Null as clients send it, turned into the empty value. */
public final class Absent {
  private Absent() {}

  static String text(String value) {
    return value == null ? "" : value;
  }

  static <T> List<T> list(List<T> value) {
    return value == null ? List.of() : List.copyOf(value);
  }

  /** A null among the texts is the empty one, as for Docker. */
  public static Map<String, String> texts(Map<String, String> value) {
    Map<String, String> texts = new LinkedHashMap<>(map(value));
    texts.replaceAll((name, text) -> text(text));
    return Collections.unmodifiableMap(texts);
  }

  /** Keeps the order of the request, and null values. */
  static <V> Map<String, V> map(Map<String, V> value) {
    return value == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(value));
  }
}
