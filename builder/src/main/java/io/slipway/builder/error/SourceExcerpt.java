package io.slipway.builder.error;

import java.util.List;
import java.util.Objects;

/**
 * The lines of a Dockerfile at fault, with a few around them. Line numbers and columns count from
 * 1.
 *
 * @param file the Dockerfile's name
 * @param firstLine number of the first of {@code lines}
 * @param lines the quoted lines, without line ends
 * @param faultStart first line at fault
 * @param faultEnd last line at fault
 * @param faultColumn where in its first line the fault is; 0 when it is the whole line
 */
public record SourceExcerpt(
    String file, int firstLine, List<String> lines, int faultStart, int faultEnd, int faultColumn) {

  private static final int AROUND = 2;
  private static final String RULER = "--------------------\n";

  public SourceExcerpt {
    Objects.requireNonNull(file, "file");
    lines = List.copyOf(lines);
    if (firstLine < 1 || faultStart < firstLine || faultEnd < faultStart || faultColumn < 0) {
      throw new IllegalArgumentException(
          "lines " + faultStart + " to " + faultEnd + " are not in the excerpt");
    }
  }

  /** The lines {@code start} to {@code end} of {@code text} with two more on both sides. */
  public static SourceExcerpt of(String file, String text, int start, int end, int column) {
    List<String> all = text.lines().toList();
    int first = Math.clamp(start - AROUND, 1, Math.max(1, all.size()));
    int last = Math.clamp(end + AROUND, first, Math.max(first, all.size()));
    List<String> quoted = all.isEmpty() ? List.of() : all.subList(first - 1, last);
    return new SourceExcerpt(
        file, first, quoted, Math.max(start, first), Math.max(end, first), column);
  }

  /** {@code Dockerfile:3}. */
  public String place() {
    return file + ":" + faultStart;
  }

  /** The excerpt as {@code docker build} prints it, a caret below the column if one is known. */
  public String render() {
    var text = new StringBuilder(place()).append('\n').append(RULER);
    for (int i = 0; i < lines.size(); i++) {
      int number = firstLine + i;
      boolean atFault = number >= faultStart && number <= faultEnd;
      text.append(String.format("%4d |%s %s\n", number, atFault ? " >>>" : "    ", lines.get(i)));
      if (number == faultStart && faultColumn > 0) {
        text.append("     |     ").append(" ".repeat(faultColumn - 1)).append("^\n");
      }
    }
    return text.append(RULER).toString();
  }
}
