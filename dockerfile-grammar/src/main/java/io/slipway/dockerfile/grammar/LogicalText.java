package io.slipway.dockerfile.grammar;

import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.ast.Word;
import io.slipway.dockerfile.word.Whitespace;

/**
 * A piece of a logical line: characters that may come from several physical lines, each with the
 * place it came from.
 */
public final class LogicalText {

  private final String text;
  private final int[] offsets;
  private final int from;
  private final PhysicalLines lines;

  /**
   * @param offsets of every character in the original, and one more: where the piece ends
   * @param from index in {@code offsets} of the first character of {@code text}
   */
  LogicalText(String text, int[] offsets, int from, PhysicalLines lines) {
    this.text = text;
    this.offsets = offsets;
    this.from = from;
    this.lines = lines;
  }

  public String text() {
    return text;
  }

  public SourceRange range() {
    int start = offsets[from];
    int end = text.isEmpty() ? start : offsets[from + text.length() - 1] + 1;
    return lines.range(start, end);
  }

  public Word word() {
    return new Word(text, range());
  }

  public LogicalText part(int start, int end) {
    return new LogicalText(text.substring(start, end), offsets, from + start, lines);
  }

  public LogicalText part(int start) {
    return part(start, text.length());
  }

  /** Without white space at both ends. */
  public LogicalText strip() {
    int start = 0;
    int end = text.length();
    while (start < end && Whitespace.isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && Whitespace.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return part(start, end);
  }
}
