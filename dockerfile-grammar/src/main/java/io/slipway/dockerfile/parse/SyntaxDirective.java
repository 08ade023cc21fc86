package io.slipway.dockerfile.parse;

import io.slipway.dockerfile.ast.SourceRange;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Which frontend a file asks for: {@code # syntax=image [arguments]}, also {@code // syntax=image},
 * also after a {@code #!} line, also {@code {"syntax": "image"}}.
 *
 * @param image the first word of the value
 * @param commandLine the whole value
 */
public record SyntaxDirective(String image, String commandLine, SourceRange range) {

  public SyntaxDirective {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(commandLine, "commandLine");
    Objects.requireNonNull(range, "range");
  }

  /** Looks for the directive before anything else is known about the text; never throws. */
  public static Optional<SyntaxDirective> find(byte[] text) {
    return find(new String(text, StandardCharsets.UTF_8));
  }

  /** Looks for the directive before anything else is known about the text; never throws. */
  public static Optional<SyntaxDirective> find(String text) {
    throw new UnsupportedOperationException("not written yet: " + text);
  }
}
