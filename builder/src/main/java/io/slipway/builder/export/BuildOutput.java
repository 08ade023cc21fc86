package io.slipway.builder.export;

import io.slipway.image.name.Reference;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** What to make of a built file tree and config. */
public sealed interface BuildOutput {

  /** The stage it is made of; empty for the build's own target. */
  String target();

  /** An image in the engine's own catalog, under these names (none: known by its id only). */
  record Image(String target, List<Reference> tags) implements BuildOutput {
    public Image {
      Objects.requireNonNull(target, "target");
      tags = List.copyOf(tags);
    }

    /** Of the build's target. */
    public Image(List<Reference> tags) {
      this("", tags);
    }
  }

  /** An image in registries. */
  record Registry(String target, List<Reference> names, Packing packing) implements BuildOutput {
    public Registry {
      Objects.requireNonNull(target, "target");
      names = List.copyOf(names);
      Objects.requireNonNull(packing, "packing");
      if (names.isEmpty()) {
        throw new IllegalArgumentException("nowhere to push to");
      }
    }
  }

  /**
   * An image as a tar.
   *
   * @param docker also readable by {@code docker load} of old; for one platform only
   */
  record Archive(String target, boolean docker, List<Reference> names, Packing packing, Sink sink)
      implements BuildOutput {
    public Archive {
      Objects.requireNonNull(target, "target");
      names = List.copyOf(names);
      Objects.requireNonNull(packing, "packing");
      Objects.requireNonNull(sink, "sink");
    }
  }

  /** The file tree copied into a directory of this machine; existing files are replaced. */
  record Directory(String target, Path path) implements BuildOutput {
    public Directory {
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(path, "path");
    }

    /** Of the build's target. */
    public Directory(Path path) {
      this("", path);
    }
  }

  /** The file tree as a tar; of several platforms, a directory for each. */
  record Tar(String target, Sink sink) implements BuildOutput {
    public Tar {
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(sink, "sink");
    }

    /** Of the build's target, to a stream that is not closed. */
    public Tar(OutputStream stream) {
      this("", Sink.of(stream));
    }
  }

  /** Nothing: the build's steps are carried out and kept in the cache. */
  record CacheOnly(String target) implements BuildOutput {
    public CacheOnly {
      Objects.requireNonNull(target, "target");
    }
  }
}
