package io.slipway.image.content;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/** A shelf of a {@link DirectoryBlobStore}: a directory beside those of the blobs. */
final class DirectoryShelf implements BlobShelf {
  private final BlobLayout layout;
  private final Shelf shelf;

  DirectoryShelf(BlobLayout layout, Shelf shelf) {
    this.layout = layout;
    this.shelf = shelf;
  }

  @Override
  public boolean take(Digest digest) throws IOException {
    Path blob = layout.blob(digest);
    try {
      // the time of a file on a shelf is when it came there
      Files.setLastModifiedTime(blob, FileTime.from(Instant.now()));
      Files.move(blob, layout.shelved(shelf, digest), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public Stream<BlobInfo> list() throws IOException {
    return Files.list(layout.shelf(shelf))
        .flatMap(file -> BlobLayout.shelvedDigest(file).stream())
        .flatMap(digest -> info(digest).stream());
  }

  private Optional<BlobInfo> info(Digest digest) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(layout.shelved(shelf, digest), BasicFileAttributes.class);
      return Optional.of(
          new BlobInfo(digest, attributes.size(), attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read the attributes of " + digest + " in " + shelf.label(), e);
    }
  }

  @Override
  public Discarded discard(Instant before, int limit) throws IOException {
    long blobs = 0;
    long bytes = 0;
    try (Stream<BlobInfo> all = list()) {
      Iterator<BlobInfo> old =
          all.filter(blob -> blob.committed().isBefore(before)).limit(limit).iterator();
      while (old.hasNext()) {
        BlobInfo blob = old.next();
        if (Files.deleteIfExists(layout.shelved(shelf, blob.digest()))) {
          blobs++;
          bytes += blob.size();
        }
      }
    }
    return new Discarded(blobs, bytes);
  }
}
