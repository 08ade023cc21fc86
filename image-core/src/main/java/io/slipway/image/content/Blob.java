package io.slipway.image.content;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** An open blob: stays readable until closed, even when deleted meanwhile. Safe for threads. */
public interface Blob extends AutoCloseable {
  Digest digest();

  long size();

  /**
   * Reads at {@code position} into {@code target}; the number of bytes, or -1 at the end. Less than
   * the room in {@code target} may be read.
   */
  int read(ByteBuffer target, long position) throws IOException;

  /** A stream from {@code position} to the end; closing it leaves the blob open. */
  InputStream stream(long position);

  /** The file that holds exactly these bytes, when there is one: for sendfile. */
  Optional<Path> file();

  @Override
  void close() throws IOException;
}
