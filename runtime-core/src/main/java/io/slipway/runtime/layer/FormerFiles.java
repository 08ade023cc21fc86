package io.slipway.runtime.layer;

import java.io.IOException;
import java.util.Optional;

/** Files that an archive unpacked earlier has left, free to be taken instead of made again. */
public interface FormerFiles {
  /** None. */
  FormerFiles NONE = (path, size) -> Optional.empty();

  /**
   * A file that may have the content of an archive's.
   *
   * @param path the archive's name for it, clean, from the root
   * @param size that it must have, in bytes
   * @return open; the caller's to close
   */
  Optional<FormerFile> find(String path, long size) throws IOException;
}
