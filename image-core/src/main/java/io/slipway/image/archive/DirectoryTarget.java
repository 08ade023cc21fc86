package io.slipway.image.archive;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A layout as a directory, which may hold blobs of other images already. */
final class DirectoryTarget implements LayoutTarget {
  private final Path directory;

  DirectoryTarget(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  @Override
  public void blob(String path, long size, Body body) throws IOException {
    Path file = directory.resolve(path);
    if (Files.isRegularFile(file) && Files.size(file) == size) {
      return;
    }
    Files.createDirectories(file.getParent());
    Path temporary = file.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        body.writeTo(out);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  @Override
  public void document(String path, Bytes content) throws IOException {
    AtomicFile.write(directory.resolve(path), content);
  }

  @Override
  public void finish() {
    // every file is complete when it gets its name
  }
}
