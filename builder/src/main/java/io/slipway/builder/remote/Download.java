package io.slipway.builder.remote;

import io.slipway.image.model.Digest;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A file that was downloaded and is kept.
 *
 * @param file where it is; not to be changed
 * @param digest of its content
 * @param modifiedSeconds what the server says of its time, in seconds since 1970; 0 if nothing
 */
public record Download(Path file, Digest digest, long modifiedSeconds) {
  public Download {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(digest, "digest");
  }
}
