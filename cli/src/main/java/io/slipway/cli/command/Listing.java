package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rows of a list command, printed as {@code --format} asks: docker's table, one JSON object a
 * line, or a template with a row's members, which after the word {@code table} becomes a table.
 */
final class Listing {
  private final List<String> columns;
  private final List<Map<String, String>> rows = new ArrayList<>();

  /**
   * @param columns members that are columns of the default table; a title is the member's name in
   *     capitals, with a blank before each inner one: {@code VolumeName} is {@code VOLUME NAME}
   */
  Listing(String... columns) {
    this.columns = List.of(columns);
  }

  /** Adds a row: names and values in turns. */
  void row(String... members) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      row.put(members[i], members[i + 1]);
    }
    rows.add(row);
  }

  void print(String format, PrintStream out) {
    String standard = String.join("\t", columns.stream().map(name -> "{{." + name + "}}").toList());
    FormattedRows formatted = new FormattedRows(out, format, standard, titles());
    rows.forEach(formatted::row);
    formatted.print();
  }

  private Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    rows.stream()
        .flatMap(row -> row.keySet().stream())
        .forEach(name -> titles.put(name, title(name)));
    columns.forEach(name -> titles.put(name, title(name)));
    return titles;
  }

  private static String title(String member) {
    return member.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
  }

  /** The labels of an object as docker shows them in a list. */
  static String labels(JsonValue object) {
    List<String> all = new ArrayList<>();
    object.get("Labels").members().forEach((name, value) -> all.add(name + "=" + value.text()));
    return String.join(",", all.stream().sorted().toList());
  }
}
