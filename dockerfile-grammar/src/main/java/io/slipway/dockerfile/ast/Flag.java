package io.slipway.dockerfile.ast;

import java.util.Objects;
import java.util.Optional;

/**
 * A {@code --name} or {@code --name=value} before an instruction's arguments. Quotes and escapes
 * inside the flag are already undone (the flag scanner of the language does that, unlike all other
 * words); variables are not expanded.
 *
 * @param name without the dashes, case kept
 * @param value empty for {@code --name}; present and empty for {@code --name=}
 */
public record Flag(String name, Optional<String> value, SourceRange range) {

  public Flag {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(range, "range");
  }

  /**
   * The value of a boolean flag: bare means true. Meant for flags that passed the parser's check,
   * which reports any value other than true or false (in any case).
   */
  public boolean isTrue() {
    return value.isEmpty() || value.get().equalsIgnoreCase("true");
  }
}
