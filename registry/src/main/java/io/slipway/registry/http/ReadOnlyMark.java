package io.slipway.registry.http;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file {@code DATA_ROOT/read-only}: while it exists, a registry takes no changes. */
public final class ReadOnlyMark {
  private ReadOnlyMark() {}

  private static Path file(Path dataRoot) {
    return dataRoot.resolve("read-only");
  }

  public static boolean isSet(Path dataRoot) {
    return Files.exists(file(dataRoot));
  }

  /** Durable when this returns; a running registry sees it within a second. */
  public static void set(Path dataRoot, boolean on) throws IOException {
    if (on) {
      AtomicFile.createDirectories(dataRoot);
      AtomicFile.write(file(dataRoot), Bytes.utf8("the registry takes no changes\n"));
    } else {
      AtomicFile.delete(file(dataRoot));
    }
  }
}
