package io.slipway.image.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Stream;

/**
 * Buffers for writing past the page cache (O_DIRECT): what is stored once and seldom read soon
 * costs no memory of the kernel then, no copy into it, and no wait for it to be written at the end.
 * Off where the file system has no such writes, or where what is stored is read back at once.
 */
final class DirectBlocks {
  /** A file needs to be larger for its blocks to be written directly. */
  static final int BYTES = 1 << 20;

  /** Every block device and file system of today can write at such addresses and positions. */
  private static final int ALIGNMENT = 4 << 10;

  /** Buffers that nobody uses; more are left to the garbage collector. */
  private static final int SPARE = 4;

  /** Not named in the code, since the compiler warns of it whatever it is told. */
  private static final String OPTIONS = "com.sun.nio.file.ExtendedOpenOption";

  private final BlockingQueue<ByteBuffer> spare = new ArrayBlockingQueue<>(SPARE);
  private volatile OpenOption option;

  private DirectBlocks(OpenOption option) {
    this.option = option;
  }

  /** Where the file system can do it. */
  static DirectBlocks wherePossible() {
    try {
      return Stream.of(Class.forName(OPTIONS).getEnumConstants())
          .filter(constant -> constant.toString().equals("DIRECT"))
          .map(constant -> new DirectBlocks((OpenOption) constant))
          .findFirst()
          .orElseGet(DirectBlocks::none);
    } catch (ClassNotFoundException e) {
      // a JDK without it can write through the page cache only
      return none();
    }
  }

  static DirectBlocks none() {
    return new DirectBlocks(null);
  }

  /** The file once more, for writing blocks; null when that is not possible or not wanted. */
  FileChannel open(Path file) throws IOException {
    OpenOption direct = option;
    if (direct == null) {
      return null;
    }
    try {
      return FileChannel.open(file, StandardOpenOption.WRITE, direct);
    } catch (UnsupportedOperationException e) {
      option = null;
      return null;
    } catch (FileSystemException e) {
      // the same file is open for other writes already, which tell what is wrong with it
      return null;
    }
  }

  /** An empty buffer of {@link #BYTES}. */
  ByteBuffer take() {
    ByteBuffer buffer = spare.poll();
    return buffer == null
        ? ByteBuffer.allocateDirect(BYTES + ALIGNMENT).alignedSlice(ALIGNMENT).limit(BYTES).slice()
        : buffer;
  }

  void giveBack(ByteBuffer buffer) {
    // false when there are enough
    boolean _ = spare.offer(buffer.clear());
  }
}
