package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.Directive;
import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.grammar.JsonText;
import io.slipway.dockerfile.grammar.PhysicalLines;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Which frontend a file asks for: {@code # syntax=image [arguments]}, also {@code // syntax=image},
 * also after a {@code #!} line, also {@code {"syntax": "image"}}. Found before anything else is
 * known about the text, so it is more liberal than {@link DockerfileParser}.
 *
 * @param image the first word of the value
 * @param commandLine the whole value
 */
public record SyntaxDirective(String image, String commandLine, SourceRange range) {

  private static final String NAME = "syntax";

  public SyntaxDirective {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(commandLine, "commandLine");
    Objects.requireNonNull(range, "range");
  }

  /** Looks for the directive; never throws. */
  public static Optional<SyntaxDirective> find(byte[] text) {
    return find(new String(text, StandardCharsets.UTF_8));
  }

  /** Looks for the directive; never throws. */
  public static Optional<SyntaxDirective> find(String text) {
    var lines = new PhysicalLines(text);
    int firstLine = lines.content(0).startsWith("#!") ? 1 : 0;
    return find(lines, "#", firstLine)
        .or(() -> find(lines, "//", firstLine))
        .or(() -> findInJson(lines, firstLine));
  }

  private static Optional<SyntaxDirective> find(PhysicalLines lines, String marker, int firstLine) {
    return new DirectiveScanner(lines, marker, firstLine)
        .directives().stream()
            .filter(directive -> directive.name().equals(NAME))
            .map(SyntaxDirective::of)
            .findFirst();
  }

  private static SyntaxDirective of(Directive directive) {
    String value = directive.value();
    int blank = value.indexOf(' ');
    return new SyntaxDirective(
        blank < 0 ? value : value.substring(0, blank), value, directive.range());
  }

  private static Optional<SyntaxDirective> findInJson(PhysicalLines lines, int firstLine) {
    if (firstLine >= lines.count()) {
      return Optional.empty();
    }
    return JsonText.member(lines.textFrom(firstLine), NAME)
        .map(image -> new SyntaxDirective(image, image, lines.lineRange(firstLine)));
  }
}
