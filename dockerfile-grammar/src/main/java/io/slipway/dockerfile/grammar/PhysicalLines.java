package io.slipway.dockerfile.grammar;

import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.word.Whitespace;
import java.util.Arrays;

/** Where the lines of a text begin and end, and what kind of line each is. */
public final class PhysicalLines {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String text;
  private final int count;

  /** Of the first character, behind a byte order mark. */
  private final int[] starts;

  /** Of the line feed, or the end of the text. */
  private final int[] breaks;

  /** Behind the last character that is neither line feed nor carriage return. */
  private final int[] ends;

  private int lastLine;

  public PhysicalLines(String text) {
    this.text = text;
    this.count = (int) text.chars().filter(character -> character == '\n').count() + 1;
    this.starts = new int[count];
    this.breaks = new int[count];
    this.ends = new int[count];
    int start = 0;
    for (int line = 0; line < count; line++) {
      int lineFeed = text.indexOf('\n', start);
      int lineBreak = lineFeed < 0 ? text.length() : lineFeed;
      starts[line] = start;
      breaks[line] = lineBreak;
      if (line == 0 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
        starts[line]++;
      }
      int end = lineBreak;
      while (end > starts[line] && text.charAt(end - 1) == '\r') {
        end--;
      }
      ends[line] = end;
      start = lineBreak + 1;
    }
  }

  /** At least 1; the last one is empty if the text ends with a line feed. */
  public int count() {
    return count;
  }

  /** The line's text without its line end. */
  public String content(int line) {
    return text.substring(starts[line], ends[line]);
  }

  /** All text from the start of the line, without a byte order mark. */
  public String textFrom(int line) {
    return text.substring(starts[line]);
  }

  /** The line's text with its line end. */
  String raw(int line) {
    return text.substring(starts[line], Math.min(breaks[line] + 1, text.length()));
  }

  int start(int line) {
    return starts[line];
  }

  int end(int line) {
    return ends[line];
  }

  int lineBreak(int line) {
    return breaks[line];
  }

  /** Whether there is nothing but white space; such a line continues nothing and is skipped. */
  public boolean isBlank(int line) {
    return firstVisible(line) == ends[line];
  }

  /** Whether the first character that is not white space is {@code #}. */
  boolean isComment(int line) {
    int first = firstVisible(line);
    return first < ends[line] && text.charAt(first) == '#';
  }

  private int firstVisible(int line) {
    int first = starts[line];
    while (first < ends[line] && Whitespace.isSpace(text.charAt(first))) {
      first++;
    }
    return first;
  }

  /** The line, from 0, that holds the offset or its line end. */
  public int lineAt(int offset) {
    if (offset >= starts[lastLine] && offset <= breaks[lastLine]) {
      return lastLine;
    }
    int found = Arrays.binarySearch(starts, offset);
    lastLine = found >= 0 ? found : Math.max(0, -found - 2);
    return lastLine;
  }

  /** From the character at {@code start} to just before {@code end}. */
  public SourceRange range(int start, int end) {
    int startLine = lineAt(start);
    int startColumn = Math.max(0, start - starts[startLine]);
    int endLine = lineAt(Math.max(start, end));
    int endColumn = Math.max(0, Math.max(start, end) - starts[endLine]);
    return new SourceRange(startLine + 1, startColumn + 1, endLine + 1, endColumn + 1);
  }

  /** The content of one line. */
  public SourceRange lineRange(int line) {
    return range(starts[line], ends[line]);
  }
}
