package io.slipway.builder.export;

import io.slipway.image.name.Reference;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** What to make of the built file tree and config. */
public sealed interface BuildOutput {

  /** An image in the engine's own catalog, under these names (none: known by its id only). */
  record Image(List<Reference> tags) implements BuildOutput {
    public Image {
      tags = List.copyOf(tags);
    }
  }

  /** The file tree copied into a directory of this machine; existing files are replaced. */
  record Directory(Path path) implements BuildOutput {
    public Directory {
      Objects.requireNonNull(path, "path");
    }
  }

  /** The file tree as a tar; the stream is not closed. */
  record Tar(OutputStream stream) implements BuildOutput {
    public Tar {
      Objects.requireNonNull(stream, "stream");
    }
  }
}
