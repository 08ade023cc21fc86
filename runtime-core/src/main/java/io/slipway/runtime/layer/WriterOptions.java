package io.slipway.runtime.layer;

import io.slipway.image.tar.TarTime;
import java.util.Optional;
import java.util.Set;

/**
 * How changes are written as a layer.
 *
 * @param newest later modification times become this one (SOURCE_DATE_EPOCH)
 * @param excluded paths, relative to the root, that are left out with all they hold
 */
public record WriterOptions(Optional<TarTime> newest, Set<String> excluded) {
  public static final WriterOptions PLAIN = new WriterOptions(Optional.empty(), Set.of());

  public WriterOptions {
    excluded = Set.copyOf(excluded);
  }
}
