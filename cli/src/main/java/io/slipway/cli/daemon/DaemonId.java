package io.slipway.cli.daemon;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** A name for a data root that stays: made when the data root is first used. */
final class DaemonId {
  private DaemonId() {}

  static String of(Path dataRoot) throws IOException {
    Path file = dataRoot.resolve("engine-id");
    if (Files.exists(file)) {
      String id = Files.readString(file).strip();
      if (!id.isEmpty()) {
        return id;
      }
    }
    String id = UUID.randomUUID().toString();
    AtomicFile.write(file, Bytes.utf8(id + "\n"));
    return id;
  }
}
