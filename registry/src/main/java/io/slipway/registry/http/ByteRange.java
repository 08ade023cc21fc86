package io.slipway.registry.http;

/**
 * The part of a body that a Range header asks for. Several ranges, other units and malformed text
 * are answered with the whole body, as RFC 9110 section 14.2 allows.
 */
sealed interface ByteRange {

  /** No usable range: everything. */
  record Whole() implements ByteRange {}

  /** Bytes {@code first} to {@code last}, both included. */
  record Part(long first, long last) implements ByteRange {
    long length() {
      return last - first + 1;
    }
  }

  /** A well-formed range outside the content, or one that runs backwards: 416. */
  record Unsatisfiable() implements ByteRange {}

  /**
   * @param header the Range header, or null
   * @param size the size of the content in bytes
   */
  static ByteRange parse(String header, long size) {
    if (header == null || !header.startsWith("bytes=") || header.indexOf(',') >= 0) {
      return new Whole();
    }
    String spec = header.substring("bytes=".length()).strip();
    int dash = spec.indexOf('-');
    if (dash < 0) {
      return new Whole();
    }
    long from = number(spec.substring(0, dash));
    long to = number(spec.substring(dash + 1));
    if (dash == 0) {
      return suffix(to, size);
    }
    boolean open = dash == spec.length() - 1;
    if (from < 0 || (!open && to < 0)) {
      return new Whole();
    }
    if (from >= size || (!open && to < from)) {
      return new Unsatisfiable();
    }
    return new Part(from, open ? size - 1 : Math.min(to, size - 1));
  }

  private static ByteRange suffix(long count, long size) {
    if (count < 0) {
      return new Whole();
    }
    return count == 0 || size == 0
        ? new Unsatisfiable()
        : new Part(Math.max(0, size - count), size - 1);
  }

  /** -1 when the text is not a number; a number too large for a long is the largest long. */
  private static long number(String text) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
