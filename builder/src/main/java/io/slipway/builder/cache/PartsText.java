package io.slipway.builder.cache;

import io.slipway.builder.graph.Identity;
import java.util.ArrayList;
import java.util.List;

/** The parts of a key as one text: a line each, {@code name=value}, with escapes. */
final class PartsText {
  private PartsText() {}

  static String write(List<Identity.Part> parts) {
    var text = new StringBuilder();
    for (Identity.Part part : parts) {
      text.append(escape(part.name()).replace("=", "\\e")).append('=');
      text.append(escape(part.value())).append('\n');
    }
    return text.toString();
  }

  static List<Identity.Part> read(String text) {
    var parts = new ArrayList<Identity.Part>();
    for (String line : text.split("\n")) {
      int equals = line.indexOf('=');
      if (equals >= 0) {
        parts.add(
            new Identity.Part(
                unescape(line.substring(0, equals)), unescape(line.substring(equals + 1))));
      }
    }
    return parts;
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String unescape(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    var plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\' || i + 1 == text.length()) {
        plain.append(c);
        continue;
      }
      i++;
      plain.append(
          switch (text.charAt(i)) {
            case 'n' -> '\n';
            case 'e' -> '=';
            default -> text.charAt(i);
          });
    }
    return plain.toString();
  }
}
