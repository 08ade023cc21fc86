package io.slipway.engine.system;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The programs that can run containers, as {@code docker info} lists them.
 *
 * @param paths name to program
 * @param standard the name that is meant when none is given
 */
public record Runtimes(Map<String, String> paths, String standard) {
  /** Our own. */
  public static final String OWN = "slipway";

  public Runtimes {
    paths = Map.copyOf(new TreeMap<>(paths));
    Objects.requireNonNull(standard, "standard");
  }
}
