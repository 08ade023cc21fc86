package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Diagnostic.Code;
import io.slipway.dockerfile.ast.Diagnostic.Severity;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.grammar.PhysicalLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads Dockerfiles. It never throws for any text: faults are in the result's diagnostics. */
public final class DockerfileParser {

  /** Bytes of one physical line, without its line feed. */
  private static final int MAX_LINE_BYTES = 65535;

  private DockerfileParser() {}

  /** Reads a whole Dockerfile, as UTF-8; bytes that are not become U+FFFD. */
  public static Dockerfile parse(byte[] text) {
    return parse(new String(text, StandardCharsets.UTF_8));
  }

  /** Reads a whole Dockerfile. */
  public static Dockerfile parse(String text) {
    var lines = new PhysicalLines(text);
    Optional<Diagnostic> unreadable = unreadable(text, lines);
    if (unreadable.isPresent()) {
      return new Dockerfile(List.of(), '\\', List.of(), List.of(unreadable.get()));
    }
    var directives = new DirectiveScanner(lines, "#", 0);
    var reader = new FileReader(text, directives.escape(), directives.endLine());
    List<Diagnostic> diagnostics = new ArrayList<>(directives.diagnostics());
    diagnostics.addAll(reader.read());
    diagnostics.addAll(reader.checkStages());
    return new Dockerfile(
        directives.directives(),
        directives.escape(),
        reader.instructions(),
        inLineOrder(diagnostics));
  }

  /**
   * Reads the text of one ONBUILD trigger, as an image's config stores it: a single instruction,
   * escape character {@code \}, no FROM needed. Ranges count from the trigger's own first line.
   */
  public static Dockerfile parseTrigger(String trigger) {
    Optional<Diagnostic> unreadable = unreadable(trigger, new PhysicalLines(trigger));
    if (unreadable.isPresent()) {
      return new Dockerfile(List.of(), '\\', List.of(), List.of(unreadable.get()));
    }
    var reader = new FileReader(trigger, '\\', 0);
    List<Diagnostic> diagnostics = new ArrayList<>(reader.read());
    diagnostics.addAll(reader.checkTrigger());
    return new Dockerfile(List.of(), '\\', reader.instructions(), inLineOrder(diagnostics));
  }

  private static List<Diagnostic> inLineOrder(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .sorted(Comparator.comparingInt(diagnostic -> diagnostic.range().startLine()))
        .toList();
  }

  private static Optional<Diagnostic> unreadable(String text, PhysicalLines lines) {
    if (text.isEmpty()) {
      return Optional.of(
          new Diagnostic(
              Severity.ERROR,
              Code.EMPTY_FILE,
              "the Dockerfile cannot be empty",
              new SourceRange(1, 1, 1, 1)));
    }
    for (int line = 0; line < lines.count(); line++) {
      if (isTooLong(lines.content(line))) {
        return Optional.of(
            new Diagnostic(
                Severity.ERROR,
                Code.LINE_TOO_LONG,
                "dockerfile line greater than max allowed size of " + MAX_LINE_BYTES,
                lines.lineRange(line)));
      }
    }
    return Optional.empty();
  }

  private static boolean isTooLong(String line) {
    // No UTF-16 unit takes more than three bytes, so most lines need no counting.
    return line.length() > MAX_LINE_BYTES / 3
        && line.getBytes(StandardCharsets.UTF_8).length > MAX_LINE_BYTES;
  }
}
