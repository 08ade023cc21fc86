package io.slipway.builder.context;

import java.nio.file.Path;
import java.util.UUID;

/** Paths in the folder of the contexts; the tree is drawn in the package's documentation. */
record ContextLayout(Path folder) {
  Path digests() {
    return folder.resolve("files.digests");
  }

  Path unpacked() {
    return folder.resolve("unpacked");
  }

  Path newUnpacked() {
    return unpacked().resolve(UUID.randomUUID().toString());
  }
}
