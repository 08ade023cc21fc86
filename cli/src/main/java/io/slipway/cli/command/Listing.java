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
  private final List<JsonValue.Obj> rows = new ArrayList<>();

  /**
   * @param columns members that are columns of the default table; a title is the member's name in
   *     capitals, with a blank before each inner one: {@code VolumeName} is {@code VOLUME NAME}
   */
  Listing(String... columns) {
    this.columns = List.of(columns);
  }

  /** Adds a row: names and values in turns. */
  void row(String... members) {
    Map<String, JsonValue> row = new LinkedHashMap<>();
    for (int i = 0; i < members.length; i += 2) {
      row.put(members[i], new JsonValue.Text(members[i + 1]));
    }
    rows.add(new JsonValue.Obj(row));
  }

  void print(String format, PrintStream out) {
    switch (format) {
      case "", "table" -> printTable(out);
      case "json" -> rows.forEach(row -> out.println(row.print(false)));
      default -> {
        boolean table = format.startsWith("table ");
        PathTemplate template =
            PathTemplate.parse(
                format.substring(table ? "table ".length() : 0).replace("\\t", "\t"));
        List<String> lines = new ArrayList<>(rows.stream().map(template::render).toList());
        if (table) {
          lines.addFirst(template.render(titles()));
          aligned(lines).print(out);
        } else {
          lines.forEach(out::println);
        }
      }
    }
  }

  private void printTable(PrintStream out) {
    Table table = new Table(columns.stream().map(Listing::title).toArray(String[]::new));
    for (JsonValue row : rows) {
      table.row(columns.stream().map(row::text).toArray(String[]::new));
    }
    table.print(out);
  }

  private static Table aligned(List<String> lines) {
    Table table = new Table(lines.getFirst().split("\t", -1));
    lines.subList(1, lines.size()).forEach(line -> table.row(line.split("\t", -1)));
    return table;
  }

  private JsonValue titles() {
    Map<String, JsonValue> titles = new LinkedHashMap<>();
    rows.stream()
        .flatMap(row -> row.members().keySet().stream())
        .forEach(name -> titles.put(name, new JsonValue.Text(title(name))));
    columns.forEach(name -> titles.put(name, new JsonValue.Text(title(name))));
    return new JsonValue.Obj(titles);
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
