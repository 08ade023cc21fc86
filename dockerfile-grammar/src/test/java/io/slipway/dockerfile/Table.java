package io.slipway.dockerfile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A resource with one case a line: {@code left => right}; blank lines and # lines are skipped. */
public final class Table {

  private Table() {}

  public static Stream<Arguments> read(String name) {
    try (InputStream in = Table.class.getResourceAsStream("/tables/" + name)) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> {
            int arrow = line.indexOf("=>");
            if (arrow < 0) {
              throw new IllegalArgumentException(name + ": no => in " + line);
            }
            return Arguments.of(
                line.substring(0, arrow).strip(), line.substring(arrow + 2).strip());
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Undoes {@code \n \t \r \f \v \e \N \B \_ \\}: e is NUL, N a no-break space, B a BOM, _ a blank.
   */
  public static String unescape(String text) {
    var out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character != '\\' || i + 1 == text.length()) {
        out.append(character);
        continue;
      }
      char escape = text.charAt(++i);
      out.append(
          switch (escape) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'f' -> '\f';
            case 'v' -> '\u000B';
            case 'e' -> '\0';
            case 'N' -> '\u00A0';
            case 'B' -> '\uFEFF';
            case '_' -> ' ';
            default -> escape;
          });
    }
    return out.toString();
  }
}
