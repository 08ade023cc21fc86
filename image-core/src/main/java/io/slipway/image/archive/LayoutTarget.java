package io.slipway.image.archive;

import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.io.OutputStream;

/** Where the files of a layout are written: an archive or a directory. */
interface LayoutTarget {
  /** Writes a body of a size that is known before. */
  @FunctionalInterface
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /** A file named by its digest; may be left out if it is there already. */
  void blob(String path, long size, Body body) throws IOException;

  /** A file whose content counts. */
  void document(String path, Bytes content) throws IOException;

  /** Completes the layout; called once, at the end. */
  void finish() throws IOException;
}
