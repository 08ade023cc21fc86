package io.slipway.builder.context;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/** Where a build context comes from. */
public sealed interface ContextSource {

  /** A directory of this machine, read in place. */
  record Directory(Path path) implements ContextSource {
    public Directory {
      Objects.requireNonNull(path, "path");
    }
  }

  /**
   * A tar stream as {@code POST /build} brings it: plain or compressed with gzip, bzip2, xz or
   * zstd. Read to its end when the build is opened; not closed.
   */
  record Tar(InputStream stream) implements ContextSource {
    public Tar {
      Objects.requireNonNull(stream, "stream");
    }
  }

  /** No files at all: a build from a Dockerfile only. */
  record Empty() implements ContextSource {}
}
