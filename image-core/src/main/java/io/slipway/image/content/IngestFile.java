package io.slipway.image.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The file of an ingest, written by one thread and read by others. The first block goes through the
 * page cache, and so does what is left at the end; whole blocks between them go past it if {@link
 * DirectBlocks} says so. What was gathered for a block and is not in the file yet is read from
 * memory.
 */
final class IngestFile implements ReceivedBytes, AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final DirectBlocks blocks;
  private FileChannel direct;

  // both under the monitor of this: they say where readers find what has arrived
  private ByteBuffer gathered;
  private long written;

  /** Takes ownership of {@code channel}, which is open for reading and writing. */
  IngestFile(Path path, FileChannel channel, DirectBlocks blocks) throws IOException {
    this.path = path;
    this.channel = channel;
    this.blocks = blocks;
    this.written = channel.size();
  }

  /** How much has arrived, in the file or in memory. */
  synchronized long size() {
    return written + (gathered == null ? 0 : gathered.position());
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    synchronized (this) {
      if (gathered != null && position >= written) {
        return readGathered(target, position - written);
      }
    }
    return channel.read(target, position);
  }

  private int readGathered(ByteBuffer target, long from) {
    if (from >= gathered.position()) {
      return -1;
    }
    ByteBuffer rest = gathered.duplicate().flip().position((int) from);
    rest.limit(Math.min(rest.limit(), rest.position() + target.remaining()));
    int length = rest.remaining();
    target.put(rest);
    return length;
  }

  /** Appends all remaining bytes. */
  void append(ByteBuffer content) throws IOException {
    while (content.hasRemaining()) {
      if (gathered == null && written > 0 && written % DirectBlocks.BYTES == 0) {
        gathered = openBlock();
      }
      if (gathered == null) {
        writeThrough(piece(content, DirectBlocks.BYTES - written % DirectBlocks.BYTES));
      } else {
        gather(piece(content, gathered.remaining()));
      }
    }
  }

  /** Takes up to {@code length} bytes from {@code content}. */
  private static ByteBuffer piece(ByteBuffer content, long length) {
    ByteBuffer piece = content.slice();
    piece.limit((int) Math.min(piece.limit(), length));
    content.position(content.position() + piece.limit());
    return piece;
  }

  /** Null when blocks cannot be written past the page cache. */
  private ByteBuffer openBlock() throws IOException {
    if (direct == null) {
      direct = blocks.open(path);
    }
    return direct == null ? null : blocks.take();
  }

  private void writeThrough(ByteBuffer piece) throws IOException {
    while (piece.hasRemaining()) {
      written += channel.write(piece, written);
    }
  }

  private void gather(ByteBuffer piece) throws IOException {
    synchronized (this) {
      gathered.put(piece);
    }
    if (!gathered.hasRemaining()) {
      writeGathered(direct);
    }
  }

  /** Readers find the bytes in memory until they are in the file. */
  private void writeGathered(FileChannel target) throws IOException {
    ByteBuffer rest = gathered.duplicate().flip();
    while (rest.hasRemaining()) {
      // a disk that is nearly full may take a part only, which no direct write can go on from
      FileChannel next = rest.position() == 0 ? target : channel;
      next.write(rest, written + rest.position());
    }
    synchronized (this) {
      written += rest.limit();
      gathered.clear();
    }
  }

  /** Everything that has arrived is in the file afterwards. */
  void flush() throws IOException {
    if (gathered != null) {
      writeGathered(channel);
      synchronized (this) {
        blocks.giveBack(gathered);
        gathered = null;
      }
    }
  }

  void truncate(long size) throws IOException {
    flush();
    channel.truncate(size);
    written = size;
  }

  /** Makes durable what was flushed. */
  void force() throws IOException {
    channel.force(true);
  }

  /** What was gathered and not written is lost. */
  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (gathered != null) {
        blocks.giveBack(gathered);
        gathered = null;
      }
    }
    try (channel;
        FileChannel _ = direct) {
      direct = null;
    }
  }
}
