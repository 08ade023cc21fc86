package io.slipway.engine.system;

import io.slipway.image.error.SlipwayException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Runtimes of a daemon beside its own.
 *
 * @param added name to program ({@code --add-runtime})
 * @param standard what runs containers that name none ({@code --default-runtime})
 */
public record RuntimeSettings(Map<String, Path> added, String standard) {
  public static final RuntimeSettings NONE = new RuntimeSettings(Map.of(), Runtimes.OWN);

  public RuntimeSettings {
    added = Map.copyOf(added);
    Objects.requireNonNull(standard, "standard");
    if (added.containsKey(Runtimes.OWN)) {
      throw SlipwayException.invalid("runtime name '" + Runtimes.OWN + "' is reserved");
    }
    added.forEach((name, program) -> {
      if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]*")) {
        throw SlipwayException.invalid("invalid runtime name '" + name + "'");
      }
      if (!program.isAbsolute()) {
        throw SlipwayException.invalid(
            "the program of runtime '" + name + "' needs an absolute path, not " + program);
      }
    });
  }
}
