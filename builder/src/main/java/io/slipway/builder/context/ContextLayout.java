package io.slipway.builder.context;

import java.nio.file.Path;

/** Paths in the folder of the contexts; the tree is drawn in the package's documentation. */
record ContextLayout(Path folder) {
  Path digests() {
    return folder.resolve("files.digests");
  }

  Path unpacked() {
    return folder.resolve("unpacked");
  }

  Path kept() {
    return folder.resolve("kept");
  }

  /** In the folder of a context: its files. */
  static Path files(Path context) {
    return context.resolve("files");
  }

  /** In the folder of a context: what is known of it; there only if the context is whole. */
  static Path about(Path context) {
    return context.resolve("about");
  }
}
