package io.slipway.builder.context;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.PathBytes;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * One digest over entries in the order of a walk. File contents are read beside the walk; only so
 * many are outstanding that memory and open files stay bounded.
 */
final class EntryDigest implements SourceVisitor, AutoCloseable {
  private static final int OUTSTANDING = 128;

  private record Part(byte[] header, Future<byte[]> content) {}

  private final Optional<KnownDigests> known;
  private final FileReaders readers;
  private final MessageDigest state = DigestAlgorithm.SHA256.newDigest();
  private final Deque<Part> outstanding = new ArrayDeque<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final DataOutputStream header = new DataOutputStream(bytes);

  /** What was hashed so far; null if it is too much to keep. */
  private ByteArrayOutputStream listing = new ByteArrayOutputStream();

  /**
   * @param context whether the entries are of a context
   */
  EntryDigest(Optional<KnownDigests> known, boolean context) {
    this.listing.write(context ? 1 : 0);
    this.known = known;
    this.readers = new FileReaders(known);
  }

  /** Begins what a source names; {@code name} is part of the result. */
  void match(String name) throws IOException {
    text("match");
    text(name);
    finishEntry();
  }

  @Override
  public void enter(SourceEntry directory) throws IOException {
    describe(directory, FileStatus.S_IFDIR);
    finishEntry();
  }

  @Override
  public void file(SourceEntry file) throws IOException {
    FileStatus status = file.status();
    int type = status.type();
    switch (type) {
      case FileStatus.S_IFREG -> regular(file);
      case FileStatus.S_IFLNK -> {
        describe(file, type);
        text(file.parent().readLink(file.name()));
        finishEntry();
      }
      case FileStatus.S_IFCHR, FileStatus.S_IFBLK -> {
        describe(file, type);
        header.writeLong(status.deviceNode());
        finishEntry();
      }
      default -> {
        describe(file, type);
        finishEntry();
      }
    }
  }

  @Override
  public void leave(SourceEntry directory) {}

  /** Everything so far; nothing can be added afterwards. */
  ReadContent finish() throws IOException {
    while (!outstanding.isEmpty()) {
      takeOldest();
    }
    return new ReadContent(
        Digest.of(DigestAlgorithm.SHA256, state),
        Optional.ofNullable(listing).map(kept -> new ContentListing(kept.toByteArray())));
  }

  private void hash(byte[] part) {
    state.update(part);
    if (listing != null) {
      listing.writeBytes(part);
      listing = listing.size() > ContentListing.MAX_BYTES ? null : listing;
    }
  }

  @Override
  public void close() {
    readers.close();
  }

  private void regular(SourceEntry file) throws IOException {
    FileStatus status = file.status();
    describe(file, FileStatus.S_IFREG);
    header.writeLong(status.size());
    if (status.size() == 0) {
      header.write(FileContent.EMPTY);
      finishEntry();
      return;
    }
    Optional<byte[]> digest = known.flatMap(digests -> digests.find(status));
    if (digest.isPresent()) {
      header.write(digest.get());
      finishEntry();
      return;
    }
    Map<String, byte[]> counted =
        file.ownedByRoot()
            ? FileContent.countedInContexts(file.parent().xattrs(file.name()))
            : Map.of();
    add(readers.read(file.parent().openFile(file.name()), status, counted));
  }

  /** What every kind of entry has. Names and times of owners, and times, are not part of it. */
  private void describe(SourceEntry entry, int type) throws IOException {
    FileStatus status = entry.status();
    header.writeInt(type);
    text(entry.path());
    // Links have no mode of their own.
    header.writeInt(type == FileStatus.S_IFLNK ? 0777 : status.permissions());
    header.writeInt(entry.uid());
    header.writeInt(entry.gid());
    if (!entry.ownedByRoot()) {
      Map<String, byte[]> counted =
          FileContent.countedInStages(
              entry.name().isEmpty()
                  ? entry.parent().xattrs()
                  : entry.parent().xattrs(entry.name()));
      header.writeInt(counted.size());
      for (Map.Entry<String, byte[]> xattr : counted.entrySet()) {
        text(xattr.getKey());
        header.writeInt(xattr.getValue().length);
        header.write(xattr.getValue());
      }
    }
  }

  private void text(String text) throws IOException {
    byte[] encoded = PathBytes.encode(text);
    header.writeInt(encoded.length);
    header.write(encoded);
  }

  private void finishEntry() throws IOException {
    if (outstanding.isEmpty()) {
      hash(bytes.toByteArray());
      bytes.reset();
    } else {
      add(CompletableFuture.completedFuture(new byte[0]));
    }
  }

  private void add(Future<byte[]> content) throws IOException {
    outstanding.addLast(new Part(bytes.toByteArray(), content));
    bytes.reset();
    if (outstanding.size() > OUTSTANDING) {
      takeOldest();
    }
  }

  private void takeOldest() throws IOException {
    Part part = outstanding.removeFirst();
    hash(part.header);
    hash(await(part.content));
  }

  private static byte[] await(Future<byte[]> content) throws IOException {
    try {
      return content.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "reading files was cancelled", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }
}
