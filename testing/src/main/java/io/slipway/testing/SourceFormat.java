package io.slipway.testing;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that sources are as google-java-format writes them. {@code -Dformat.update=true} rewrites
 * them instead ({@code dev/format} does that for the whole tree).
 */
final class SourceFormat {
  private final boolean update = Boolean.getBoolean("format.update");
  private final Formatter formatter = new Formatter(JavaFormatterOptions.builder().build());

  /** The files that are not formatted; empty after an update. */
  List<String> violations(List<Path> sources) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : sources) {
      String text = Files.readString(source);
      String formatted = format(source, text);
      if (formatted.equals(text)) {
        continue;
      }
      if (update) {
        Files.writeString(source, formatted);
      } else {
        found.add(source + " is not formatted; dev/format does it");
      }
    }
    return found;
  }

  private String format(Path source, String text) {
    try {
      String imports = RemoveUnusedImports.removeUnusedImports(text);
      return formatter.formatSource(
          ImportOrderer.reorderImports(imports, JavaFormatterOptions.Style.GOOGLE));
    } catch (FormatterException e) {
      throw new IllegalStateException(source + ": " + e.getMessage(), e);
    }
  }
}
