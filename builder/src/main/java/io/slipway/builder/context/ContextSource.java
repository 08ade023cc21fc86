package io.slipway.builder.context;

import io.slipway.builder.remote.GitRemote;
import java.io.InputStream;
import java.net.URI;
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

  /** A checkout of a git repository. */
  record Git(GitRemote remote) implements ContextSource {
    public Git {
      Objects.requireNonNull(remote, "remote");
    }
  }

  /** What a URL gives: an archive, or a Dockerfile without any files. */
  record Http(URI url) implements ContextSource {
    public Http {
      Objects.requireNonNull(url, "url");
    }
  }

  /** No files at all: a build from a Dockerfile only. */
  record Empty() implements ContextSource {}
}
