package io.slipway.dockerfile.ast;

/**
 * A place in the Dockerfile's text. Lines and columns count from 1; a column counts UTF-16 units.
 * The end is exclusive: it is the position just after the last character, so {@code (1,1,1,5)} is
 * the {@code FROM} at the very start of a file.
 */
public record SourceRange(int startLine, int startColumn, int endLine, int endColumn) {

  public SourceRange {
    if (startLine < 1 || startColumn < 1) {
      throw new IllegalArgumentException("range starts before 1:1");
    }
    if (endLine < startLine || (endLine == startLine && endColumn < startColumn)) {
      throw new IllegalArgumentException("range ends before it starts");
    }
  }

  /** The smallest range that holds this one and {@code other}. */
  public SourceRange to(SourceRange other) {
    boolean otherStartsFirst =
        other.startLine < startLine
            || (other.startLine == startLine && other.startColumn < startColumn);
    boolean otherEndsLast =
        other.endLine > endLine || (other.endLine == endLine && other.endColumn > endColumn);
    return new SourceRange(
        otherStartsFirst ? other.startLine : startLine,
        otherStartsFirst ? other.startColumn : startColumn,
        otherEndsLast ? other.endLine : endLine,
        otherEndsLast ? other.endColumn : endColumn);
  }

  /** {@code line:column-line:column}, as the golden files print it. */
  @Override
  public String toString() {
    return startLine + ":" + startColumn + "-" + endLine + ":" + endColumn;
  }
}
