package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows shown as {@code --format} wants them: docker's table, a table of chosen columns ({@code
 * table {{.ID}}\t{{.Names}}}), JSON, or any template.
 */
final class FormattedRows {
  private static final String TABLE = "table";

  /** {@code {{.Label "name"}}}. */
  private static final String LABEL = "Label";

  private static final Pattern ASKED_LABEL = Pattern.compile("\\.Label +[\"`]([^\"`]*)[\"`]");

  /** A row: what is shown of it as JSON, and the labels that a template may ask for. */
  private record Row(JsonValue.Obj cells, Optional<JsonValue> labels) {
    JsonValue all() {
      Map<String, JsonValue> members = new LinkedHashMap<>(cells.members());
      labels.ifPresent(all -> members.put(LABEL, all));
      return new JsonValue.Obj(members);
    }
  }

  private final PrintStream out;
  private final Map<String, String> titles;
  private final String format;
  private final String standard;
  private final List<Row> rows = new ArrayList<>();

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
    row(texts(cells));
  }

  void row(JsonValue.Obj cells) {
    rows.add(new Row(cells, Optional.empty()));
  }

  /** A row of something that has labels; templates reach each as {@code {{.Label "name"}}}. */
  void row(Map<String, String> cells, JsonValue labels) {
    JsonValue known = labels instanceof JsonValue.Obj ? labels : new JsonValue.Obj(Map.of());
    rows.add(new Row(texts(cells), Optional.of(known)));
  }

  private static JsonValue.Obj texts(Map<String, String> cells) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    cells.forEach((name, text) -> members.put(name, new JsonValue.Text(text)));
    return new JsonValue.Obj(members);
  }

  /** The labels of an object as docker shows them in a list. */
  static String labels(JsonValue object) {
    List<String> all = new ArrayList<>();
    object.get("Labels").members().forEach((name, value) -> all.add(name + "=" + value.text()));
    return String.join(",", all.stream().sorted().toList());
  }

  void print() {
    if (format.equals("json") || format.equals("{{json .}}")) {
      rows.forEach(row -> out.println(row.cells().print(false)));
      return;
    }
    boolean isTable = format.isEmpty() || format.equals(TABLE) || format.startsWith(TABLE + " ");
    String asked = format.startsWith(TABLE) ? format.substring(TABLE.length()).strip() : format;
    String text = asked.isEmpty() ? standard : asked;
    GoTemplate template = GoTemplate.parse(text.replace("\\t", "\t").replace("\\n", "\n"));
    if (!isTable) {
      rows.forEach(row -> out.println(template.render(row.all())));
      return;
    }
    Map<String, JsonValue> heads = new LinkedHashMap<>();
    titles.forEach((name, title) -> heads.put(name, new JsonValue.Text(title)));
    heads.put(LABEL, labelHeads(text));
    Table table = new Table(cells(template, new JsonValue.Obj(heads)));
    rows.forEach(row -> table.row(cells(template, row.all())));
    table.print(out);
  }

  /** The last part of a label's name heads its column, as docker does it. */
  private static JsonValue labelHeads(String template) {
    Map<String, JsonValue> heads = new LinkedHashMap<>();
    Matcher label = ASKED_LABEL.matcher(template);
    while (label.find()) {
      String last = label.group(1).substring(label.group(1).lastIndexOf('.') + 1);
      heads.put(label.group(1), new JsonValue.Text(last.replaceAll("[-_]", " ")));
    }
    return new JsonValue.Obj(heads);
  }

  private static String[] cells(GoTemplate template, JsonValue row) {
    return template.render(row).split("\t", -1);
  }
}
