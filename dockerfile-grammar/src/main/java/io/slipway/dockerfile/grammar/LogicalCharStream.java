package io.slipway.dockerfile.grammar;

import io.slipway.dockerfile.word.Whitespace;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * The text as the lexer sees it. Indices are those of the original text; characters that do not
 * count are passed over: a byte order mark, an escape character at the end of a line with its line
 * end and all comment and blank lines after it, carriage returns before a line feed, and white
 * space at the end of a logical line.
 *
 * <p>Classes of characters that the grammar does not tell apart are shown as one each, so that the
 * lexer's tables stay within ASCII.
 */
public final class LogicalCharStream implements CharStream {

  private static final int ESCAPE = 1;
  private static final int OTHER = 2;
  private static final int OTHER_SPACE = 3;

  private final String text;
  private final char escape;
  private final PhysicalLines lines;

  /** By line: the offset of an escape character that continues it, or -1. */
  private final int[] continuations;

  /** By line: where a continued line goes on, at a character that is itself visible or the end. */
  private final int[] targets;

  /** By line: where white space at its end begins; only of lines that are not continued. */
  private final int[] trimmedEnds;

  private int index;
  private boolean plainEscape;

  public LogicalCharStream(String text, char escape) {
    this.text = text;
    this.escape = escape;
    this.lines = new PhysicalLines(text);
    int count = lines.count();
    this.continuations = new int[count];
    this.targets = new int[count];
    this.trimmedEnds = new int[count];
    int next = text.length();
    for (int line = count - 1; line >= 0; line--) {
      continuations[line] = lines.isComment(line) ? -1 : continuation(line);
      targets[line] = next;
      trimmedEnds[line] = continuations[line] < 0 ? trimmedEnd(line) : lines.lineBreak(line);
      if (!lines.isComment(line) && !lines.isBlank(line)) {
        boolean onlyEscape = continuations[line] == lines.start(line);
        next = onlyEscape ? next : lines.start(line);
      }
    }
  }

  /**
   * The escape character that ends the line, blanks after it allowed. An escape character before it
   * undoes it, whatever stands before that.
   */
  private int continuation(int line) {
    int last = lines.end(line) - 1;
    while (last >= lines.start(line) && (text.charAt(last) == ' ' || text.charAt(last) == '\t')) {
      last--;
    }
    boolean escaped =
        last < lines.start(line)
            || text.charAt(last) != escape
            || (last > lines.start(line) && text.charAt(last - 1) == escape);
    return escaped ? -1 : last;
  }

  private int trimmedEnd(int line) {
    int end = lines.end(line);
    while (end > lines.start(line) && Whitespace.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  public PhysicalLines lines() {
    return lines;
  }

  /** Shows the escape character as itself, as a JSON array needs it, or as the escape. */
  void showEscapePlain(boolean plain) {
    plainEscape = plain;
  }

  /** The first offset from {@code offset} on that counts; the text's length if there is none. */
  int visible(int offset) {
    int at = offset == 0 ? lines.start(0) : offset;
    while (at < text.length()) {
      char character = text.charAt(at);
      if (character == '\n' || (character != escape && !Whitespace.isSpace(character))) {
        return at;
      }
      int line = lines.lineAt(at);
      if (at == continuations[line]) {
        at = targets[line];
      } else if (at >= trimmedEnds[line]) {
        at = lines.lineBreak(line);
      } else {
        return at;
      }
    }
    return at;
  }

  /** What is visible from {@code start} up to {@code end}. */
  public LogicalText slice(int start, int end) {
    var out = new StringBuilder();
    int[] offsets = new int[Math.max(0, end - start) + 1];
    int at = visible(start);
    while (at < end) {
      offsets[out.length()] = at;
      out.append(text.charAt(at));
      at = visible(at + 1);
    }
    offsets[out.length()] = out.isEmpty() ? at : offsets[out.length() - 1] + 1;
    return new LogicalText(out.toString(), offsets, 0, lines);
  }

  /** The first offset from {@code offset} on that is no white space within the logical line. */
  int skipSpace(int offset) {
    int at = visible(offset);
    while (at < text.length() && text.charAt(at) != '\n' && Whitespace.isSpace(text.charAt(at))) {
      at = visible(at + 1);
    }
    return at;
  }

  boolean isAt(int offset, char character) {
    int at = visible(offset);
    return at < text.length() && text.charAt(at) == character;
  }

  boolean isLineStart(int offset) {
    return text.charAt(offset - 1) == '\n';
  }

  char escape() {
    return escape;
  }

  /** The end of the logical line that {@code offset} is in: its line feed or the text's end. */
  public int endOfLine(int offset) {
    int at = visible(offset);
    while (at < text.length() && text.charAt(at) != '\n') {
      at = visible(at + 1);
    }
    return at;
  }

  @Override
  public int LA(int distance) {
    if (distance < 1) {
      throw new UnsupportedOperationException("the lexer never looks back");
    }
    int at = visible(index);
    for (int i = 1; i < distance && at < text.length(); i++) {
      at = visible(at + 1);
    }
    return at < text.length() ? shown(text.charAt(at)) : IntStream.EOF;
  }

  private int shown(char character) {
    if (character == escape && !plainEscape) {
      return ESCAPE;
    }
    if (Whitespace.isSpace(character)) {
      return character < 0x80 ? character : OTHER_SPACE;
    }
    return character <= OTHER_SPACE || character >= 0x80 ? OTHER : character;
  }

  @Override
  public void consume() {
    int at = visible(index);
    if (at >= text.length()) {
      throw new IllegalStateException("cannot consume EOF");
    }
    index = at + 1;
  }

  @Override
  public String getText(Interval interval) {
    return slice(interval.a, interval.b + 1).text();
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public void seek(int offset) {
    index = offset;
  }

  @Override
  public int size() {
    return text.length();
  }

  @Override
  public int mark() {
    return 0;
  }

  @Override
  public void release(int marker) {
    // The whole text is in memory: nothing to give back.
  }

  @Override
  public String getSourceName() {
    return "Dockerfile";
  }
}
