package io.slipway.registry.config;

import java.util.Objects;
import java.util.regex.Pattern;

/** Repositories by name, where {@code *} stands for any characters, slashes too. */
public record RepositoryPattern(String glob) {
  public RepositoryPattern {
    Objects.requireNonNull(glob, "glob");
  }

  public boolean matches(String repository) {
    return Pattern.matches(
        "\\Q" + glob.replace("\\E", "").replace("*", "\\E.*\\Q") + "\\E", repository);
  }

  @Override
  public String toString() {
    return glob;
  }
}
