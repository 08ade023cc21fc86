package io.slipway.image.tar;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an archive entry by entry. {@link #next} skips what was not read of the body before. The
 * stream is not closed. Not for use by several threads.
 */
public final class TarReader {
  /** Most bytes an extended header or a long name may have, as in Go's archive/tar. */
  public static final int HEADER_LIMIT = 1 << 20;

  private static final int BUFFER = 256 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int limit;
  private long bodyLeft;
  private int paddingLeft;
  private String current = "";
  private boolean ended;

  public TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * The next entry; empty at the end of the archive.
   *
   * @throws SlipwayException {@code INVALID} if the archive is malformed or ends in the middle of
   *     an entry, {@code UNSUPPORTED} for a kind of entry that is not a file (volume label, sparse
   *     file)
   */
  public Optional<TarEntry> next() throws IOException {
    skipBody();
    Map<String, byte[]> pax = new HashMap<>();
    while (!ended) {
      int at = headerBlock();
      if (at < 0) {
        ended = true;
        if (!pax.isEmpty()) {
          throw TarBlock.malformed("extended header without an entry after \"" + current + "\"");
        }
        break;
      }
      char flag = (char) buffer[at + TarBlock.TYPE];
      switch (flag) {
        case 'x', 'X' -> pax.putAll(readPax(at));
        case 'g' -> readPax(at);
        case 'L' -> pax.put("path", readLongText(at));
        case 'K' -> pax.put("linkpath", readLongText(at));
        default -> {
          TarEntry entry = new TarHeader(buffer, at, pax).entry();
          current = entry.name();
          startBody(entry.size());
          return Optional.of(entry);
        }
      }
    }
    return Optional.empty();
  }

  /** Body bytes of the current entry, -1 at its end. */
  public int read(byte[] into, int offset, int length) throws IOException {
    return read(ByteBuffer.wrap(into, offset, length));
  }

  /** Body bytes of the current entry, as many as are at hand and fit; -1 at its end. */
  public int read(ByteBuffer into) throws IOException {
    if (bodyLeft == 0) {
      return -1;
    }
    if (position == limit && !fill()) {
      throw truncated();
    }
    int n = (int) Math.min(Math.min(into.remaining(), limit - position), bodyLeft);
    into.put(buffer, position, n);
    position += n;
    bodyLeft -= n;
    return n;
  }

  /** The current body as a stream, valid until {@link #next}. */
  public InputStream body() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return TarReader.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return length == 0 ? 0 : TarReader.this.read(into, offset, length);
      }
    };
  }

  /** Reads on to the end of the underlying stream, for a digest over all of it. */
  public void drain() throws IOException {
    ended = true;
    bodyLeft = 0;
    paddingLeft = 0;
    do {
      position = limit;
    } while (fill());
  }

  private int headerBlock() throws IOException {
    if (!require(TarBlock.SIZE)) {
      return -1;
    }
    if (TarBlock.isZero(buffer, position)) {
      position += TarBlock.SIZE;
      return -1;
    }
    if (!TarBlock.hasValidChecksum(buffer, position)) {
      throw TarBlock.malformed(
          current.isEmpty() ? "not a tar archive" : "bad checksum after \"" + current + "\"");
    }
    int at = position;
    position += TarBlock.SIZE;
    return at;
  }

  /** Makes {@code count} bytes available in the buffer; false at a clean end of the stream. */
  private boolean require(int count) throws IOException {
    while (limit - position < count) {
      if (buffer.length - position < count) {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
      }
      int n = in.read(buffer, limit, buffer.length - limit);
      if (n < 0) {
        if (limit == position) {
          return false;
        }
        throw truncated();
      }
      limit += n;
    }
    return true;
  }

  private boolean fill() throws IOException {
    int n = in.read(buffer, 0, buffer.length);
    position = 0;
    limit = Math.max(n, 0);
    return n > 0;
  }

  private void startBody(long size) {
    bodyLeft = size;
    paddingLeft = (int) (-size & (TarBlock.SIZE - 1));
  }

  private void skipBody() throws IOException {
    long left = bodyLeft + paddingLeft;
    while (left > 0) {
      if (position == limit && !fill()) {
        throw truncated();
      }
      int n = (int) Math.min(left, limit - position);
      position += n;
      left -= n;
    }
    bodyLeft = 0;
    paddingLeft = 0;
  }

  private Map<String, byte[]> readPax(int at) throws IOException {
    byte[] data = readHeaderBody(at);
    return PaxRecords.parse(data, data.length);
  }

  private byte[] readLongText(int at) throws IOException {
    byte[] data = readHeaderBody(at);
    int end = 0;
    while (end < data.length && data[end] != 0) {
      end++;
    }
    return Arrays.copyOf(data, end);
  }

  private byte[] readHeaderBody(int at) throws IOException {
    long size = TarBlock.number(buffer, at + 124, 12, "size");
    if (size < 0 || size > HEADER_LIMIT) {
      throw TarBlock.malformed("extended header of " + size + " bytes after \"" + current + "\"");
    }
    byte[] data = new byte[(int) size];
    startBody(size);
    int have = 0;
    while (have < data.length) {
      have += read(data, have, data.length - have);
    }
    skipBody();
    return data;
  }

  private SlipwayException truncated() {
    return new SlipwayException(
        ErrorKind.INVALID,
        current.isEmpty()
            ? "truncated tar: ends inside the first entry"
            : "truncated tar: ends inside or after \"" + current + "\"");
  }
}
