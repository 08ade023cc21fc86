package io.slipway.builder.context;

import java.io.IOException;

/** Is told what a walk finds, a directory before what is in it, names in the order of bytes. */
public interface SourceVisitor {
  /** A directory; everything in it follows. */
  void enter(SourceEntry directory) throws IOException;

  /** Anything else. */
  void file(SourceEntry file) throws IOException;

  /** All of the directory has been shown. */
  void leave(SourceEntry directory) throws IOException;
}
