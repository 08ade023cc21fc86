package io.slipway.runtime.spec;

/** Size of a terminal in characters; 0 by 0 where nobody knows yet. */
public record TerminalSize(int columns, int rows) {
  public static final TerminalSize UNKNOWN = new TerminalSize(0, 0);

  public TerminalSize {
    if (columns < 0 || columns > 0xFFFF || rows < 0 || rows > 0xFFFF) {
      throw new IllegalArgumentException("invalid terminal size " + columns + "x" + rows);
    }
  }
}
