package io.slipway.builder.frontend;

import io.slipway.builder.remote.GitRemote;
import io.slipway.image.name.Reference;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/** What the caller puts in the place of a name in FROM, COPY --from and mounts. */
public sealed interface NamedContext {

  /** A directory of this machine. */
  record Local(Path directory) implements NamedContext {
    public Local {
      Objects.requireNonNull(directory, "directory");
    }
  }

  /** An image. */
  record Image(Reference reference) implements NamedContext {
    public Image {
      Objects.requireNonNull(reference, "reference");
    }
  }

  /**
   * An image of an OCI layout on this machine.
   *
   * @param selector {@code :tag}, {@code @digest} or nothing
   */
  record Layout(Path directory, String selector) implements NamedContext {
    public Layout {
      Objects.requireNonNull(directory, "directory");
      Objects.requireNonNull(selector, "selector");
    }
  }

  /** A checkout. */
  record Git(GitRemote remote) implements NamedContext {
    public Git {
      Objects.requireNonNull(remote, "remote");
    }
  }

  /** A file of a web server, under the last name of its URL. */
  record Http(URI url) implements NamedContext {
    public Http {
      Objects.requireNonNull(url, "url");
    }
  }
}
