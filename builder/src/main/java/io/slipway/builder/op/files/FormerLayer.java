package io.slipway.builder.op.files;

import io.slipway.image.tar.TarTime;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a step with the same rules has put together before from one directory. Its unchanged files
 * get another name in the new layer, which takes a fraction of the time and no space on disk.
 *
 * @param changes the layer's directory, which nothing writes to any more
 * @param changed what is not the same in the source any more, as a listing of it says
 * @param latest times after this one become this one
 */
public record FormerLayer(Path changes, Set<String> changed, Optional<TarTime> latest) {

  public FormerLayer {
    Objects.requireNonNull(changes, "changes");
    changed = Set.copyOf(changed);
    Objects.requireNonNull(latest, "latest");
  }
}
