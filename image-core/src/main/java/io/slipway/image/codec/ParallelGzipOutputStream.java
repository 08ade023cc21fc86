package io.slipway.image.codec;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * One gzip member from blocks that are compressed in parallel. Memory: two blocks of input and one
 * of output per thread, and a few more.
 */
final class ParallelGzipOutputStream extends OutputStream {
  private static final int BLOCK_BYTES = 128 << 10;
  private static final int DICTIONARY_BYTES = 32 << 10;

  /** RFC 1952: deflate, no flags, no time, no extra flags, unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final OutputStream target;
  private final int level;
  private final int maxPending;
  private final ExecutorService executor;
  private final Deque<Future<DeflatedBlock>> pending = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<Deflater> deflaters = new ConcurrentLinkedQueue<>();
  private final CRC32 crc = new CRC32();

  /** The dictionary, then the block being filled. */
  private byte[] input = new byte[DICTIONARY_BYTES + BLOCK_BYTES];

  private int dictionaryLength;
  private int blockLength;
  private long total;
  private boolean closed;
  private volatile boolean released;

  /** Compressed bytes, {@code length} of them. */
  private record DeflatedBlock(byte[] bytes, int length) {}

  ParallelGzipOutputStream(OutputStream target, int level, int threads, ExecutorService executor)
      throws IOException {
    this.target = Objects.requireNonNull(target, "target");
    this.level = level;
    this.maxPending = threads + 1;
    this.executor = executor;
    target.write(HEADER);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (closed) {
      throw new IOException("stream is closed");
    }
    crc.update(buffer, offset, length);
    total += length;
    int from = offset;
    int left = length;
    while (left > 0) {
      if (blockLength == BLOCK_BYTES) {
        submitBlock(false);
      }
      int part = Math.min(left, BLOCK_BYTES - blockLength);
      System.arraycopy(buffer, from, input, DICTIONARY_BYTES + blockLength, part);
      blockLength += part;
      from += part;
      left -= part;
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (target) {
      submitBlock(true);
      while (!pending.isEmpty()) {
        writeOldest();
      }
      writeTrailer();
    } finally {
      release();
    }
  }

  /** Blocks still under way after a failure end their Deflaters themselves. */
  private void release() {
    pending.forEach(block -> block.cancel(false));
    pending.clear();
    released = true;
    endDeflaters();
  }

  private void endDeflaters() {
    for (Deflater deflater = deflaters.poll(); deflater != null; deflater = deflaters.poll()) {
      deflater.end();
    }
  }

  private void submitBlock(boolean last) throws IOException {
    while (pending.size() >= maxPending) {
      writeOldest();
    }
    byte[] block = input;
    int length = blockLength;
    int dictionary = dictionaryLength;
    pending.add(executor.submit(() -> deflate(block, length, dictionary, last)));
    if (!last) {
      // the block was full: its last 32 KiB are the next one's dictionary
      input = new byte[DICTIONARY_BYTES + BLOCK_BYTES];
      System.arraycopy(block, BLOCK_BYTES, input, 0, DICTIONARY_BYTES);
      dictionaryLength = DICTIONARY_BYTES;
      blockLength = 0;
    }
  }

  private DeflatedBlock deflate(byte[] block, int length, int dictionary, boolean last) {
    if (Compressibility.isFutile(block, DICTIONARY_BYTES, length)) {
      byte[] stored = StoredBlocks.of(block, DICTIONARY_BYTES, length, last);
      return new DeflatedBlock(stored, stored.length);
    }
    Deflater deflater = deflaters.poll();
    if (deflater == null) {
      deflater = new Deflater(level, true);
    }
    deflater.reset();
    if (dictionary > 0) {
      deflater.setDictionary(block, DICTIONARY_BYTES - dictionary, dictionary);
    }
    deflater.setInput(block, DICTIONARY_BYTES, length);
    if (last) {
      deflater.finish();
    }
    // stored blocks are the worst case: 5 bytes for each 16 KiB, and the empty block of the flush
    byte[] output = new byte[length + (length >> 10) + 64];
    int written = 0;
    while (true) {
      int mode = last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
      written += deflater.deflate(output, written, output.length - written, mode);
      if (written < output.length) {
        break;
      }
      output = Arrays.copyOf(output, output.length * 2);
    }
    deflaters.add(deflater);
    if (released) {
      endDeflaters();
    }
    return new DeflatedBlock(output, written);
  }

  private void writeOldest() throws IOException {
    try {
      DeflatedBlock block = pending.remove().get();
      target.write(block.bytes(), 0, block.length());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted while compressing").initCause(e);
    } catch (ExecutionException e) {
      throw new IOException("compressing failed", e.getCause());
    }
  }

  private void writeTrailer() throws IOException {
    byte[] trailer = new byte[8];
    int check = (int) crc.getValue();
    int size = (int) total;
    for (int i = 0; i < 4; i++) {
      trailer[i] = (byte) (check >>> (8 * i));
      trailer[4 + i] = (byte) (size >>> (8 * i));
    }
    target.write(trailer);
  }
}
