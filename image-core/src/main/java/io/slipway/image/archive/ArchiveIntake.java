package io.slipway.image.archive;

import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.Lease;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.tar.TarEntry;
import io.slipway.image.tar.TarReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Takes the files of an archive into the blob store as they pass, since what they are is said only
 * at the end. Blobs named by digest are checked against it; blobs that are there already are
 * skipped.
 */
final class ArchiveIntake {
  private static final int MAX_DOCUMENT_BYTES = 8 << 20;
  private static final int MAX_FILES = 100_000;
  private static final int BUFFER_BYTES = 256 << 10;

  static final String INDEX = "index.json";
  static final String MANIFEST = "manifest.json";
  static final String LAYOUT = "oci-layout";
  static final String REPOSITORIES = "repositories";

  private static final Set<String> DOCUMENTS = Set.of(INDEX, MANIFEST, LAYOUT, REPOSITORIES);

  private final BlobStore blobs;
  private final Lease lease;
  private final ArchiveFiles files = new ArchiveFiles();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  private ArchiveIntake(BlobStore blobs, Lease lease) {
    this.blobs = blobs;
    this.lease = lease;
  }

  /** Something to read the body of a file from; -1 at its end. */
  private interface Body {
    int read(ByteBuffer into) throws IOException;
  }

  /** Takes in an uncompressed tar. */
  static ArchiveFiles ofTar(InputStream tar, BlobStore blobs, Lease lease) throws IOException {
    ArchiveIntake intake = new ArchiveIntake(blobs, lease);
    TarReader reader = new TarReader(tar);
    for (var next = reader.next(); next.isPresent(); next = reader.next()) {
      intake.entry(next.get(), reader);
    }
    return intake.files;
  }

  /** Takes in a directory; symbolic links in it are not followed. */
  static ArchiveFiles ofDirectory(Path directory, BlobStore blobs, Lease lease) throws IOException {
    ArchiveIntake intake = new ArchiveIntake(blobs, lease);
    List<Path> found;
    try (Stream<Path> all = Files.walk(directory, 3)) {
      found = all.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    for (Path file : found) {
      try (var channel = Files.newByteChannel(file)) {
        intake.take(directory.relativize(file).toString(), channel.size(), channel::read);
      }
    }
    return intake.files;
  }

  private void entry(TarEntry entry, TarReader reader) throws IOException {
    String path = ArchiveFiles.clean(entry.name());
    switch (entry.type()) {
      case FILE -> take(path, entry.size(), reader::read);
      case SYMLINK -> files.putLink(path, entry.linkName());
      case HARD_LINK -> files.putAlias(path, entry.linkName());
      case DIRECTORY -> {
        // paths say it all
      }
      default -> throw SlipwayException.invalid("archive holds a device: \"" + path + "\"");
    }
    if (files.size() > MAX_FILES) {
      throw SlipwayException.invalid("archive holds more than " + MAX_FILES + " files");
    }
  }

  private void take(String path, long size, Body body) throws IOException {
    if (DOCUMENTS.contains(path)) {
      files.putDocument(path, document(path, size, body));
    } else if (!isLegacyNote(path)) {
      files.put(path, store(path, body));
    }
  }

  /** Beside each layer docker keeps two small files that nothing reads any more. */
  private static boolean isLegacyNote(String path) {
    return path.endsWith("/VERSION") || path.endsWith("/json");
  }

  private Bytes document(String path, long size, Body body) throws IOException {
    if (size > MAX_DOCUMENT_BYTES) {
      throw SlipwayException.invalid("archive's " + path + " has " + size + " bytes");
    }
    ByteBuffer content = ByteBuffer.allocate((int) size);
    int n = 0;
    while (content.hasRemaining() && n >= 0) {
      n = body.read(content);
    }
    return Bytes.copyOf(Arrays.copyOf(content.array(), content.position()));
  }

  private ArchiveFiles.Stored store(String path, Body body) throws IOException {
    Optional<Digest> named = digest(path);
    if (named.isPresent()) {
      lease.pin(named.get());
      Optional<BlobInfo> there = blobs.stat(named.get());
      if (there.isPresent()) {
        return new ArchiveFiles.Stored(there.get().digest(), there.get().size());
      }
    }
    DigestAlgorithm algorithm = named.map(Digest::algorithm).orElse(DigestAlgorithm.SHA256);
    ExpectedContent expected = named.map(ExpectedContent::of).orElseGet(ExpectedContent::anything);
    try (Ingest ingest = blobs.ingest("archive-" + UUID.randomUUID(), algorithm)) {
      while (body.read(buffer.clear()) >= 0) {
        ingest.append(buffer.flip());
      }
      BlobInfo blob = ingest.commit(expected);
      lease.pin(blob.digest());
      return new ArchiveFiles.Stored(blob.digest(), blob.size());
    }
  }

  /** The digest in {@code blobs/ALGORITHM/HEX}. */
  private static Optional<Digest> digest(String path) {
    String[] parts = path.split("/");
    return parts.length == 3 && parts[0].equals("blobs")
        ? Digest.tryParse(parts[1] + ":" + parts[2])
        : Optional.empty();
  }
}
