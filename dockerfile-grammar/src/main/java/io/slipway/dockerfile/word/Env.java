package io.slipway.dockerfile.word;

import java.util.Map;
import java.util.Optional;

/** The variables a word may refer to. */
@FunctionalInterface
public interface Env {

  /** The variable's value, which may be empty text; nothing if it is not set. */
  Optional<String> get(String name);

  /** Looks up in a copy of {@code variables}. */
  static Env of(Map<String, String> variables) {
    Map<String, String> copy = Map.copyOf(variables);
    return name -> Optional.ofNullable(copy.get(name));
  }
}
