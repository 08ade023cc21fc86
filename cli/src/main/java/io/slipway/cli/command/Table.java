package io.slipway.cli.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns as docker prints them: padded to the widest cell and three blanks more, and never
 * narrower than ten.
 */
final class Table {
  private static final int GAP = 3;
  private static final int NARROWEST = 10;
  private static final int WIDE = 20;

  private final List<List<String>> rows = new ArrayList<>();
  private final int narrowest;

  Table(String... titles) {
    this(NARROWEST, titles);
  }

  private Table(int narrowest, String... titles) {
    this.narrowest = narrowest;
    rows.add(List.of(titles));
  }

  /** A table whose columns are never narrower than twenty, as that of {@code top}. */
  static Table wide(String... titles) {
    return new Table(WIDE, titles);
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  void print(PrintStream out) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length - 1; i++) {
        String cell = row.get(i);
        int width = Math.max(narrowest, widths[i] + GAP);
        line.append(cell).append(" ".repeat(width - cell.codePointCount(0, cell.length())));
      }
      out.println(line.append(row.getLast()));
    }
  }
}
