package io.slipway.engine.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Request headers; names are compared without regard to case. */
public final class Headers {
  private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** From name and value pairs; a name may repeat. */
  public Headers(Iterable<Map.Entry<String, String>> entries) {
    entries.forEach(entry ->
        values.computeIfAbsent(entry.getKey(), n -> new ArrayList<>(1)).add(entry.getValue()));
  }

  public static Headers none() {
    return new Headers(List.of());
  }

  public Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }
}
