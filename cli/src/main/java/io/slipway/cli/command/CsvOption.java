package io.slipway.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An option of comma-separated {@code key=value} fields; a field in double quotes may hold commas.
 *
 * @param name the option, for messages
 */
record CsvOption(String name, String text, Map<String, String> fields) {
  /** Reads an option; a field without {@code =} has the value {@code true}. */
  static CsvOption parse(String name, String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : split(name, text)) {
      int equals = field.indexOf('=');
      String key = (equals < 0 ? field : field.substring(0, equals)).strip();
      if (key.isEmpty()) {
        throw new UsageException("invalid field \"" + field + "\" in " + name + " " + text);
      }
      fields.put(
          key.toLowerCase(java.util.Locale.ROOT),
          equals < 0 ? "true" : field.substring(equals + 1));
    }
    return new CsvOption(name, text, fields);
  }

  private static List<String> split(String name, String text) {
    List<String> fields = new ArrayList<>();
    var field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        boolean doubled = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
        if (doubled) {
          field.append(c);
          i++;
        } else {
          quoted = !quoted;
        }
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new UsageException("unbalanced quotes in " + name + " " + text);
    }
    fields.add(field.toString());
    return fields;
  }

  /** A field's value; empty when it is not there. */
  String get(String key) {
    return fields.getOrDefault(key, "");
  }

  /** The value of the first of these fields that is there. */
  String first(String... keys) {
    for (String key : keys) {
      if (!get(key).isEmpty()) {
        return get(key);
      }
    }
    return "";
  }

  /** Refuses every other field. */
  void allow(String... keys) {
    for (String key : fields.keySet()) {
      if (!List.of(keys).contains(key)) {
        throw new UsageException("unexpected key '" + key + "' in " + name + " " + text);
      }
    }
  }
}
