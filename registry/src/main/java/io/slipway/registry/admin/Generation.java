package io.slipway.registry.admin;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.model.Bytes;
import io.slipway.registry.store.ContentIndex;
import io.slipway.registry.store.GenerationMark;
import io.slipway.registry.store.MetadataStore;
import io.slipway.registry.store.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Tells whether metadata and blobs belong together without looking at either: each process that
 * opens them notes a generation of its own in both. So metadata that is new, from another registry,
 * or from a backup older than the blobs beside it, is noticed at once; used as it is, it would make
 * everything it does not know garbage.
 *
 * <p>The file holds one generation, or two while the metadata is on its way from the first to the
 * second, so that a process may die in between.
 */
final class Generation {
  private final Path file;
  private final BlobStore blobs;
  private final GenerationMark mark;
  private final ContentIndex contents;

  Generation(Path file, BlobStore blobs, MetadataStore metadata) {
    this.file = file;
    this.blobs = blobs;
    this.mark = metadata.upkeep().generation();
    this.contents = metadata.upkeep().contents();
  }

  /** Whether the metadata may be used with the blobs. Costs two small reads. */
  boolean isMetadataRight() throws IOException {
    Optional<String> known = mark.read();
    List<String> beside = read();
    if (known.isPresent()) {
      return beside.contains(known.get());
    }
    boolean beforeThereWereMarks = beside.isEmpty() && !contents.list(new Page(1, "")).isEmpty();
    return beforeThereWereMarks || isWithoutBlobs();
  }

  /** Looks for the first blob only. */
  private boolean isWithoutBlobs() throws IOException {
    try (Stream<BlobInfo> all = blobs.list()) {
      return all.findAny().isEmpty();
    }
  }

  private List<String> read() throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** From now on the metadata is wrong, whatever comes into it, until {@link #begin}. */
  void doubt() throws IOException {
    write(UUID.randomUUID().toString());
  }

  /** From now on the metadata is right. */
  void begin() throws IOException {
    String next = UUID.randomUUID().toString();
    write(mark.read().map(last -> last + "\n").orElse("") + next);
    mark.write(next);
    write(next);
  }

  private void write(String generations) throws IOException {
    AtomicFile.write(file, Bytes.utf8(generations + "\n"));
  }
}
