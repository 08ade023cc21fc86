package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The query part of a request's URL. */
public final class Query {
  private static final Set<String> FALSE = Set.of("", "0", "no", "false", "none");

  private final Map<String, List<String>> values;

  private Query(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Reads {@code a=1&b=x%20y}; null or empty means no parameters. */
  public static Query parse(String raw) {
    Map<String, List<String>> values = new HashMap<>();
    if (raw != null && !raw.isEmpty()) {
      for (String pair : raw.split("&")) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        values.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
      }
    }
    return new Query(values);
  }

  /** The first value, also when it is empty. */
  public Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  /** The first value, or the empty string. */
  public String text(String name) {
    return first(name).orElse("");
  }

  /** All values of a parameter that may repeat. */
  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  /** A boolean as Docker reads it: absent, empty, 0, no, false and none are false. */
  public boolean flag(String name) {
    return flag(name, false);
  }

  /** A boolean with a default for an absent parameter. */
  public boolean flag(String name, boolean absent) {
    return first(name).map(v -> !FALSE.contains(v.strip().toLowerCase(Locale.ROOT))).orElse(absent);
  }

  /** A whole number; empty when absent or the empty string. */
  public OptionalInt number(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw SlipwayException.invalid("invalid value for " + name + ": " + text);
    }
  }

  /** The {@code filters} parameter. */
  public Filters filters() {
    return Filters.parse(text("filters"));
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw SlipwayException.invalid("invalid URL escape in query: " + text);
    }
  }
}
