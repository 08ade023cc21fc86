package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows shown as {@code --format} wants them: docker's table, a table of chosen columns ({@code
 * table {{.ID}}\t{{.Names}}}), JSON, or any template.
 */
final class FormattedRows {
  private static final String TABLE = "table";

  private final PrintStream out;
  private final Map<String, String> titles;
  private final String format;
  private final String standard;
  private final List<JsonValue> rows = new ArrayList<>();

  /**
   * @param format the option's text; empty for the standard table
   * @param standard template of the standard table
   * @param titles of the columns, by the names of their fields
   */
  FormattedRows(PrintStream out, String format, String standard, Map<String, String> titles) {
    this.out = out;
    this.titles = titles;
    this.format = format;
    this.standard = standard;
  }

  void row(Map<String, String> cells) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    cells.forEach((name, text) -> members.put(name, new JsonValue.Text(text)));
    rows.add(new JsonValue.Obj(members));
  }

  void print() {
    if (format.equals("json") || format.equals("{{json .}}")) {
      rows.forEach(row -> out.println(row.print(false)));
      return;
    }
    boolean isTable = format.isEmpty() || format.equals(TABLE) || format.startsWith(TABLE + " ");
    String asked = format.startsWith(TABLE) ? format.substring(TABLE.length()).strip() : format;
    String text = asked.isEmpty() ? standard : asked;
    GoTemplate template = GoTemplate.parse(text.replace("\\t", "\t").replace("\\n", "\n"));
    if (!isTable) {
      rows.forEach(row -> out.println(template.render(row)));
      return;
    }
    Map<String, JsonValue> heads = new LinkedHashMap<>();
    titles.forEach((name, title) -> heads.put(name, new JsonValue.Text(title)));
    Table table = new Table(cells(template, new JsonValue.Obj(heads)));
    rows.forEach(row -> table.row(cells(template, row)));
    table.print(out);
  }

  private static String[] cells(GoTemplate template, JsonValue row) {
    return template.render(row).split("\t", -1);
  }
}
