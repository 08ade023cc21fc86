package io.slipway.registry.admin;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.registry.store.NameJournal;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.upkeep.NamedManifests;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.zip.CRC32C;

/**
 * A {@link NameJournal} in a file that is only appended to. A line has a checksum of the rest and
 * words: {@code + REPOSITORY DIGEST TYPE TAG...}, {@code - REPOSITORY TAG}, or {@code x REPOSITORY
 * DIGEST}. Torn or damaged lines are passed over. It is not synced: after a loss of power the last
 * seconds may be missing, and they matter only if the metadata is lost as well. A full disk costs
 * the line, not the push. From time to time {@link #compact} writes it anew without what is over.
 */
final class FileNameJournal implements NameJournal, AutoCloseable {
  private static final String PUT = "+";
  private static final String UNTAGGED = "-";
  private static final String DELETED = "x";

  /** A smaller file is not worth it. */
  private static final long COMPACT_BYTES = 1 << 20;

  private final Path file;
  private FileChannel channel;
  private boolean failing;
  private long kept;

  private FileNameJournal(Path file, FileChannel channel, boolean torn) {
    this.file = file;
    this.channel = channel;
    this.failing = torn;
  }

  static FileNameJournal open(Path file) throws IOException {
    boolean torn = Files.exists(file) && isTorn(file);
    return new FileNameJournal(
        file,
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND),
        torn);
  }

  /** Whether the last line was not written to its end, so that the next must not be added to it. */
  private static boolean isTorn(Path file) throws IOException {
    try (FileChannel read = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      return read.size() > 0 && read.read(last, read.size() - 1) == 1 && last.get(0) != '\n';
    }
  }

  @Override
  public void put(
      RepositoryName repository, Digest manifest, String mediaType, Collection<String> tags) {
    StringBuilder line = new StringBuilder(PUT);
    line.append(' ').append(repository).append(' ').append(manifest).append(' ').append(mediaType);
    tags.forEach(tag -> line.append(' ').append(tag));
    append(line.toString());
  }

  @Override
  public void untagged(RepositoryName repository, String tag) {
    append(UNTAGGED + " " + repository + " " + tag);
  }

  @Override
  public void deleted(RepositoryName repository, Digest manifest) {
    append(DELETED + " " + repository + " " + manifest);
  }

  /**
   * Writes the file anew if it has grown to twice what was left of it the last time; returns
   * whether it did. Changes go on meanwhile: they wait only while what they added is copied.
   *
   * @param held whether a manifest without tags is still there; collections leave no line
   */
  boolean compact(BiPredicate<RepositoryName, Digest> held) throws IOException {
    return compact(COMPACT_BYTES, held);
  }

  /** {@code least}: a smaller file is left as it is. */
  boolean compact(long least, BiPredicate<RepositoryName, Digest> held) throws IOException {
    long end = size();
    if (end < Math.max(least, 2 * kept)) {
      return false;
    }
    NamedManifests names = new NamedManifests();
    try (BufferedReader lines = lines(file)) {
      long read = 0;
      for (String line = lines.readLine(); line != null && read < end; line = lines.readLine()) {
        read += line.length() + 1;
        replay(line, names);
      }
    }
    Path anew = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(anew);
    try (FileNameJournal copy = open(anew)) {
      names.tell(copy, held);
      takeOver(copy, end);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(anew);
      throw e;
    }
    return true;
  }

  private synchronized long size() throws IOException {
    return channel.size();
  }

  /** What came after {@code end} goes into the copy, which then stands in for the file. */
  private synchronized void takeOver(FileNameJournal copy, long end) throws IOException {
    try (FileChannel now = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long at = end; at < now.size(); ) {
        at += now.transferTo(at, now.size() - at, copy.channel);
      }
    }
    if (copy.failing) {
      throw new IOException("no room to write " + copy.file);
    }
    copy.channel.force(true);
    Files.move(copy.file, file, StandardCopyOption.ATOMIC_MOVE);
    channel.close();
    channel = open(file).channel;
    kept = channel.size();
  }

  private static BufferedReader lines(Path file) throws IOException {
    return Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }

  private synchronized void append(String text) {
    // the line break comes first too, so that a torn line harms no other
    byte[] line =
        ((failing ? "\n" : "") + checksum(text) + " " + text + "\n")
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.wrap(line);
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      failing = false;
    } catch (IOException e) {
      // the metadata has the change; the journal is for the day when it is lost
      failing = true;
    }
  }

  /** Replays what is in the file. */
  static void read(Path file, NamedManifests names) {
    if (!Files.exists(file)) {
      return;
    }
    try (BufferedReader lines = lines(file)) {
      lines.lines().forEach(line -> replay(line, names));
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "read " + file + ": " + FileReason.of(e), e);
    }
  }

  private static void replay(String line, NamedManifests names) {
    int space = line.indexOf(' ');
    if (space < 0 || !checksum(line.substring(space + 1)).equals(line.substring(0, space))) {
      return;
    }
    List<String> words = List.of(line.substring(space + 1).split(" "));
    RepositoryName repository = new RepositoryName(words.get(1));
    switch (words.getFirst()) {
      case PUT ->
          names.put(
              repository, Digest.parse(words.get(2)), words.get(3), words.subList(4, words.size()));
      case UNTAGGED -> names.untagged(repository, words.get(2));
      case DELETED -> names.deleted(repository, Digest.parse(words.get(2)));
      default ->
          throw new SlipwayException(
              ErrorKind.UNSUPPORTED, "the journal of names was written by a newer slipway");
    }
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "close " + file + ": " + FileReason.of(e), e);
    }
  }
}
