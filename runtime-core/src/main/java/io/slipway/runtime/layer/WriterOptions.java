package io.slipway.runtime.layer;

import io.slipway.image.tar.TarTime;
import io.slipway.runtime.spec.IdMappings;
import java.util.Optional;
import java.util.Set;

/**
 * How changes are written as a layer.
 *
 * @param newest later modification times become this one (SOURCE_DATE_EPOCH)
 * @param excluded paths, relative to the root, that are left out with all they hold; of one with a
 *     slash behind it only what it holds
 * @param users those that the owners of the files stand for, if not themselves
 */
public record WriterOptions(
    Optional<TarTime> newest, Set<String> excluded, Optional<IdMappings> users) {
  public static final WriterOptions PLAIN = new WriterOptions(Optional.empty(), Set.of());

  public WriterOptions(Optional<TarTime> newest, Set<String> excluded) {
    this(newest, excluded, Optional.empty());
  }

  public WriterOptions {
    excluded = Set.copyOf(excluded);
  }
}
