package io.slipway.engine.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** One file of a log, open for reading; it stays readable when it is renamed or removed. */
sealed interface LogSource extends AutoCloseable {

  /** Reads on; 0 or less when there is nothing more now. */
  int read(byte[] block, int limit) throws IOException;

  void skipTo(long offset) throws IOException;

  @Override
  void close() throws IOException;

  /** As it was written; perhaps still growing. */
  final class Plain implements LogSource {
    private final FileChannel file;
    private long position;

    Plain(FileChannel file) {
      this.file = file;
    }

    FileChannel file() {
      return file;
    }

    @Override
    public int read(byte[] block, int limit) throws IOException {
      int count = file.read(ByteBuffer.wrap(block, 0, limit), position);
      position += Math.max(count, 0);
      return count;
    }

    @Override
    public void skipTo(long offset) {
      position = offset;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  /** Packed with gzip. */
  final class Packed implements LogSource {
    private final InputStream in;

    Packed(InputStream in) {
      this.in = in;
    }

    @Override
    public int read(byte[] block, int limit) throws IOException {
      return in.readNBytes(block, 0, limit);
    }

    @Override
    public void skipTo(long offset) throws IOException {
      in.skipNBytes(offset);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
