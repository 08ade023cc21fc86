package io.slipway.image.content;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Blobs as files of one directory, laid out as {@link BlobLayout} says. One process at a time owns
 * the directory. A blob costs one fsync of its file and one, shared with others, of the directory.
 */
public final class DirectoryBlobStore implements BlobStore {
  private final BlobLayout layout;
  private final DirectBlocks blocks;
  private final Recovery recovery;
  private final Map<DigestAlgorithm, DirectorySync> syncs = new EnumMap<>(DigestAlgorithm.class);
  private final Map<DigestAlgorithm, Digest> empty = new EnumMap<>(DigestAlgorithm.class);
  private final Map<Shelf, BlobShelf> shelves = new EnumMap<>(Shelf.class);
  private final Set<String> openIngests = ConcurrentHashMap.newKeySet();
  private final FileIngest.Owner owner = new Publisher();

  /** What {@link #open} found of interrupted ingests. */
  public record Recovery(int ingestsRemoved, long bytesFreed, int ingestsKept) {}

  private DirectoryBlobStore(BlobLayout layout, DirectBlocks blocks, Recovery recovery) {
    this.layout = layout;
    this.blocks = blocks;
    this.recovery = recovery;
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      syncs.put(algorithm, new DirectorySync(layout.directory(algorithm)));
      empty.put(algorithm, Digest.of(algorithm, new byte[0]));
    }
    for (Shelf shelf : Shelf.values()) {
      shelves.put(shelf, new DirectoryShelf(layout, shelf));
    }
  }

  /**
   * Opens, and if need be creates, a store in {@code root}. Ingests of an earlier process that were
   * not written to for {@code keepIngests} are removed; zero removes all.
   */
  public static DirectoryBlobStore open(Path root, Duration keepIngests) throws IOException {
    return open(root, keepIngests, DirectBlocks.none());
  }

  /**
   * The same for blobs that are seldom read soon after they were written, as in a registry: most of
   * a large one is written past the page cache, where the file system can do that.
   */
  public static DirectoryBlobStore openForArrivals(Path root, Duration keepIngests)
      throws IOException {
    return open(root, keepIngests, DirectBlocks.wherePossible());
  }

  private static DirectoryBlobStore open(Path root, Duration keepIngests, DirectBlocks blocks)
      throws IOException {
    BlobLayout layout = new BlobLayout(root);
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      AtomicFile.createDirectories(layout.directory(algorithm));
    }
    AtomicFile.createDirectories(layout.ingests());
    for (Shelf shelf : Shelf.values()) {
      AtomicFile.createDirectories(layout.shelf(shelf));
    }
    return new DirectoryBlobStore(
        layout, blocks, removeStaleIngests(layout, Instant.now().minus(keepIngests)));
  }

  private static Recovery removeStaleIngests(BlobLayout layout, Instant keepSince)
      throws IOException {
    int removed = 0;
    int kept = 0;
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.ingests())) {
      for (Path file : files) {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (attributes.lastModifiedTime().toInstant().isAfter(keepSince)) {
          kept++;
        } else {
          Files.deleteIfExists(file);
          removed++;
          bytes += attributes.size();
        }
      }
    }
    return new Recovery(removed, bytes, kept);
  }

  /** What was cleaned up when this store was opened. */
  public Recovery recovery() {
    return recovery;
  }

  @Override
  public Optional<BlobInfo> stat(Digest digest) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(layout.blob(digest), BasicFileAttributes.class);
      return Optional.of(info(digest, attributes)).filter(this::isPlausible);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static BlobInfo info(Digest digest, BasicFileAttributes attributes) {
    return new BlobInfo(digest, attributes.size(), attributes.lastModifiedTime().toInstant());
  }

  /** An empty file under another digest than that of nothing is what a damaged disk leaves. */
  private boolean isPlausible(BlobInfo blob) {
    return blob.size() > 0 || empty.containsValue(blob.digest());
  }

  @Override
  public Blob open(Digest digest) throws IOException {
    Path path = layout.blob(digest);
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw missing(digest);
    }
    try {
      FileBlob blob = new FileBlob(digest, path, channel);
      if (blob.size() == 0 && !empty.containsValue(digest)) {
        throw missing(digest);
      }
      return blob;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static SlipwayException missing(Digest digest) {
    return SlipwayException.notFound("blob " + digest + " is not in the store");
  }

  @Override
  public Ingest ingest(String id, DigestAlgorithm algorithm) throws IOException {
    Path temp = layout.ingest(id, algorithm);
    claim(id);
    try {
      for (DigestAlgorithm other : DigestAlgorithm.values()) {
        if (Files.exists(layout.ingest(id, other))) {
          throw exists(id);
        }
      }
      FileChannel channel =
          FileChannel.open(
              temp,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return ingest(id, temp, algorithm, channel);
    } catch (FileAlreadyExistsException e) {
      openIngests.remove(id);
      throw exists(id);
    } catch (IOException e) {
      openIngests.remove(id);
      throw DiskFull.orSame(e, "store blob");
    } catch (RuntimeException e) {
      openIngests.remove(id);
      throw e;
    }
  }

  private Ingest ingest(String id, Path temp, DigestAlgorithm algorithm, FileChannel channel)
      throws IOException {
    return new FileIngest(owner, id, temp, algorithm, new IngestFile(temp, channel, blocks));
  }

  private static SlipwayException exists(String id) {
    return new SlipwayException(ErrorKind.CONFLICT, "ingest " + id + " exists already");
  }

  private void claim(String id) {
    if (!openIngests.add(id)) {
      throw new SlipwayException(ErrorKind.CONFLICT, "ingest " + id + " is being written to");
    }
  }

  @Override
  public Optional<Ingest> resume(String id) throws IOException {
    Optional<DigestAlgorithm> algorithm =
        Arrays.stream(DigestAlgorithm.values())
            .filter(a -> Files.exists(layout.ingest(id, a)))
            .findFirst();
    if (algorithm.isEmpty()) {
      return Optional.empty();
    }
    claim(id);
    Path temp = layout.ingest(id, algorithm.get());
    try {
      FileChannel channel =
          FileChannel.open(temp, StandardOpenOption.READ, StandardOpenOption.WRITE);
      return Optional.of(ingest(id, temp, algorithm.get(), channel));
    } catch (NoSuchFileException e) {
      openIngests.remove(id);
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      openIngests.remove(id);
      throw e;
    }
  }

  @Override
  public boolean delete(Digest digest) throws IOException {
    // no fsync: a blob that comes back after a crash is merely collected again
    return Files.deleteIfExists(layout.blob(digest));
  }

  @Override
  public Stream<BlobInfo> list() throws IOException {
    Stream<BlobInfo> sha256 = list(DigestAlgorithm.SHA256);
    try {
      return Stream.concat(sha256, list(DigestAlgorithm.SHA512));
    } catch (IOException e) {
      sha256.close();
      throw e;
    }
  }

  private Stream<BlobInfo> list(DigestAlgorithm algorithm) throws IOException {
    return Files.list(layout.directory(algorithm))
        .flatMap(file -> BlobLayout.digest(algorithm, file).stream())
        .flatMap(digest -> statUnchecked(digest).stream());
  }

  private Optional<BlobInfo> statUnchecked(Digest digest) {
    try {
      return stat(digest);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the attributes of blob " + digest, e);
    }
  }

  @Override
  public BlobShelf shelf(Shelf shelf) {
    return shelves.get(shelf);
  }

  private final class Publisher implements FileIngest.Owner {
    @Override
    public BlobInfo publish(Path temp, Digest digest, long size, Instant committed)
        throws IOException {
      Path target = layout.blob(digest);
      Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
      syncs.get(digest.algorithm()).sync();
      return new BlobInfo(digest, size, committed);
    }

    @Override
    public void ended(String id) {
      openIngests.remove(id);
    }
  }
}
