package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Diagnostic.Code;
import io.slipway.dockerfile.ast.Diagnostic.Severity;
import io.slipway.dockerfile.ast.Directive;
import io.slipway.dockerfile.grammar.PhysicalLines;
import io.slipway.dockerfile.word.Whitespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the parser directives at the top of a file. They end at the first line that is not a known
 * one; look-alikes further down are comments.
 */
final class DirectiveScanner {

  private static final Set<String> KNOWN = Set.of("syntax", "escape", "check");

  private static final Pattern ASSIGNMENT =
      Pattern.compile("\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(\\S.*)", Pattern.DOTALL);

  private final List<Directive> directives = new ArrayList<>();
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private char escape = '\\';
  private int endLine;

  /**
   * @param marker what such a line starts with: {@code #}, or {@code //} in other languages
   * @param firstLine from 0
   */
  DirectiveScanner(PhysicalLines lines, String marker, int firstLine) {
    endLine = firstLine;
    while (endLine < lines.count()) {
      Optional<Directive> directive = read(lines, marker, endLine);
      if (directive.isEmpty()) {
        break;
      }
      add(directive.get());
      endLine++;
    }
  }

  private static Optional<Directive> read(PhysicalLines lines, String marker, int line) {
    String content = Whitespace.strip(lines.content(line));
    if (!content.startsWith(marker)) {
      return Optional.empty();
    }
    Matcher match = ASSIGNMENT.matcher(content.substring(marker.length()));
    if (!match.matches()) {
      return Optional.empty();
    }
    String name = match.group(1).toLowerCase(Locale.ROOT);
    if (!KNOWN.contains(name)) {
      return Optional.empty();
    }
    return Optional.of(new Directive(name, match.group(2), lines.lineRange(line)));
  }

  private void add(Directive directive) {
    if (directives.stream().anyMatch(earlier -> earlier.name().equals(directive.name()))) {
      report(
          Code.DIRECTIVE_REPEATED,
          "only one " + directive.name() + " parser directive can be used",
          directive);
      return;
    }
    directives.add(directive);
    if (directive.name().equals("escape")) {
      String value = directive.value();
      if (value.equals("\\") || value.equals("`")) {
        escape = value.charAt(0);
      } else {
        report(
            Code.DIRECTIVE_VALUE,
            "invalid escape token '" + value + "' does not match ` or \\",
            directive);
      }
    }
  }

  private void report(Code code, String message, Directive directive) {
    diagnostics.add(new Diagnostic(Severity.ERROR, code, message, directive.range()));
  }

  List<Directive> directives() {
    return List.copyOf(directives);
  }

  List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  /** The first line, from 0, that is no directive. */
  int endLine() {
    return endLine;
  }

  char escape() {
    return escape;
  }
}
