package io.slipway.builder.context;

import io.slipway.image.error.SlipwayException;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines of a {@code .dockerignore} file. */
final class IgnoreFile {
  /** The one at the root of a context. */
  static final String NAME = ".dockerignore";

  /** What is appended to a Dockerfile's name for the one that belongs to it alone. */
  static final String SUFFIX = ".dockerignore";

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private IgnoreFile() {}

  /**
   * The patterns of a file.
   *
   * @param name for the message
   * @throws SlipwayException {@code INVALID} with the line that cannot be read
   */
  static PathPatterns parse(String name, String text) {
    String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    List<String> patterns = new ArrayList<>();
    String[] lines = content.split("\n");
    for (int i = 0; i < lines.length; i++) {
      // Only the first column makes a comment: "  #x" is a pattern.
      if (lines[i].startsWith("#")) {
        continue;
      }
      checkLine(name, i + 1, lines[i]);
      patterns.add(lines[i]);
    }
    return PathPatterns.of(patterns);
  }

  private static void checkLine(String name, int number, String line) {
    try {
      PathPatterns.of(List.of(line));
    } catch (SlipwayException e) {
      throw new SlipwayException(
          e.kind(), "failed parsing " + name + " line " + number + ": " + e.getMessage(), e);
    }
  }
}
