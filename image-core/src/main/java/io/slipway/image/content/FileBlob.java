package io.slipway.image.content;

import io.slipway.image.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A blob in a file of its own. */
final class FileBlob implements Blob {
  private final Digest digest;
  private final Path path;
  private final FileChannel channel;
  private final long size;

  FileBlob(Digest digest, Path path, FileChannel channel) throws IOException {
    this.digest = digest;
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
  }

  @Override
  public Digest digest() {
    return digest;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return channel.read(target, position);
  }

  @Override
  public InputStream stream(long position) {
    return new Reader(position);
  }

  @Override
  public Optional<Path> file() {
    return Optional.of(path);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private final class Reader extends InputStream {
    private long position;

    Reader(long position) {
      this.position = position;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, buffer.length);
      if (length == 0) {
        return 0;
      }
      int read = FileBlob.this.read(ByteBuffer.wrap(buffer, offset, length), position);
      if (read > 0) {
        position += read;
      }
      return read;
    }

    @Override
    public long skip(long wanted) {
      long skipped = Math.clamp(wanted, 0, Math.max(0, size - position));
      position += skipped;
      return skipped;
    }

    @Override
    public int available() {
      return Math.clamp(size - position, 0, Integer.MAX_VALUE);
    }
  }
}
