package io.slipway.engine.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The {@code filters} parameter. Two shapes are in use: {@code {"label":{"a=b":true}}} (Go clients)
 * and {@code {"label":["a=b"]}} (docker-java, docker-py).
 */
public final class Filters {
  private final Map<String, Set<String>> values;

  private Filters(Map<String, Set<String>> values) {
    this.values = values;
  }

  /** Reads either shape; the empty string means no filters. */
  public static Filters parse(String json) {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    if (!json.isBlank()) {
      JsonNode root = Json.tryTree(json).orElseThrow(Filters::invalid);
      if (!root.isObject() && !root.isNull()) {
        throw invalid();
      }
      root.properties().forEach(entry -> values.put(entry.getKey(), read(entry.getValue())));
    }
    return new Filters(values);
  }

  private static Set<String> read(JsonNode node) {
    Set<String> found = new LinkedHashSet<>();
    if (node.isObject()) {
      node.properties().stream()
          .filter(entry -> entry.getValue().asBoolean(false))
          .forEach(entry -> found.add(entry.getKey()));
    } else if (node.isArray()) {
      for (JsonNode value : node) {
        if (!value.isTextual() && !value.isNull()) {
          throw invalid();
        }
        found.add(value.asText(""));
      }
    } else if (!node.isNull()) {
      throw invalid();
    }
    return found;
  }

  private static SlipwayException invalid() {
    return SlipwayException.invalid("invalid filter");
  }

  /** Refuses filters the endpoint does not know, in Docker's words. */
  public Filters accept(Set<String> known) {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw SlipwayException.invalid("invalid filter '" + key + "'");
      }
    }
    return this;
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  public boolean has(String key) {
    return !values(key).isEmpty();
  }

  public Set<String> values(String key) {
    return values.getOrDefault(key, Set.of());
  }

  /** True when the filter is absent or one of its values satisfies {@code test}. */
  public boolean anyMatch(String key, Predicate<String> test) {
    return !has(key) || values(key).stream().anyMatch(test);
  }

  /** A filter that is true or false; Docker takes 1, true, 0 and false. */
  public boolean flag(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    boolean yes = values(key).stream().anyMatch(v -> v.equals("1") || v.equals("true"));
    boolean no = values(key).stream().anyMatch(v -> v.equals("0") || v.equals("false"));
    if (yes == no) {
      throw SlipwayException.invalid("invalid filter '" + key + "=" + values(key) + "'");
    }
    return yes;
  }

  /** Label filters: all of {@code key} or {@code key=value} must hold. */
  public boolean labelsMatch(String key, Map<String, String> labels) {
    return values(key).stream().allMatch(wanted -> labelMatches(wanted, labels));
  }

  private static boolean labelMatches(String wanted, Map<String, String> labels) {
    int equals = wanted.indexOf('=');
    return equals < 0
        ? labels.containsKey(wanted)
        : wanted.substring(equals + 1).equals(labels.get(wanted.substring(0, equals)));
  }
}
