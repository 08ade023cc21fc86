package io.slipway.builder.context;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.model.Bytes;
import io.slipway.runtime.linux.FileStatus;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Digests of files whose status has not changed since they were read: same device, inode, size,
 * modification and change time. The kernel sets the change time itself, on every change of content
 * or attributes, so nobody can change a file and keep it. What a clock tick could hide is kept for
 * the session that read it only.
 *
 * <p>Numbers in arrays, no object per file. Losing it costs time, nothing else. Safe for many
 * threads.
 *
 * <p>On disk, big endian: magic, number of records, records of {@link #WIDTH} longs, CRC-32C of all
 * before.
 */
final class FileDigests {
  private static final long MAGIC = 0x534c57_46444731L;
  private static final int DEVICE = 0;
  private static final int INODE = 1;
  private static final int SIZE = 2;
  private static final int MODIFIED = 3;
  private static final int CHANGED = 4;

  /** Session that used it last; negative if it holds for that session alone. */
  private static final int SESSION = 5;

  private static final int DIGEST = 6;
  private static final int DIGEST_LONGS = 4;
  private static final int WIDTH = DIGEST + DIGEST_LONGS;
  private static final int NO_RECORD = -1;

  /** 16 MB; the least recently used half goes when it is full. */
  private static final int MAX_RECORDS = 200_000;

  private long[] records = new long[WIDTH * 64];
  private int[] index = emptyIndex(128);
  private int count;
  private long sessions;
  private boolean changed;

  /** What was saved; nothing if there is no such file or it is damaged. */
  static FileDigests load(Path file) throws IOException {
    FileDigests digests = new FileDigests();
    if (Files.exists(file)) {
      digests.read(ByteBuffer.wrap(Files.readAllBytes(file)));
    }
    return digests;
  }

  /** Number of a new session, within which files count as unchanged if their status is. */
  synchronized long newSession() {
    return ++sessions;
  }

  /** Number of files known. */
  synchronized int size() {
    return count;
  }

  /** The digest of a file with this status, if it is known. */
  synchronized Optional<byte[]> find(FileStatus status, long session) {
    int record = recordOf(status.device(), status.inode());
    if (record == NO_RECORD || !isSame(record, status)) {
      return Optional.empty();
    }
    int at = record * WIDTH;
    long used = records[at + SESSION];
    if (used < 0 && used != -session) {
      return Optional.empty();
    }
    if (used > 0) {
      records[at + SESSION] = Math.max(used, session);
    }
    ByteBuffer digest = ByteBuffer.allocate(DIGEST_LONGS * Long.BYTES);
    digest.asLongBuffer().put(records, at + DIGEST, DIGEST_LONGS);
    return Optional.of(digest.array());
  }

  /**
   * Keeps the digest of a file.
   *
   * @param settled whether any later change would show in the status
   */
  synchronized void put(FileStatus status, long session, byte[] digest, boolean settled) {
    int record = recordOf(status.device(), status.inode());
    if (record == NO_RECORD) {
      record = add(status.device(), status.inode());
    }
    int at = record * WIDTH;
    records[at + SIZE] = status.size();
    records[at + MODIFIED] = nanos(status.mtimeSeconds(), status.mtimeNanos());
    records[at + CHANGED] = nanos(status.ctimeSeconds(), status.ctimeNanos());
    records[at + SESSION] = settled ? session : -session;
    ByteBuffer.wrap(digest).asLongBuffer().get(records, at + DIGEST, DIGEST_LONGS);
    changed |= settled;
  }

  /** Writes what holds beyond a session, if there is anything new; durable when this returns. */
  synchronized void save(Path file) throws IOException {
    if (!changed) {
      return;
    }
    ByteBuffer out = ByteBuffer.allocate(16 + count * WIDTH * Long.BYTES + Long.BYTES);
    out.position(16);
    int kept = 0;
    for (int at = 0; at < count * WIDTH; at += WIDTH) {
      if (records[at + SESSION] > 0) {
        out.asLongBuffer().put(records, at, WIDTH);
        out.position(out.position() + WIDTH * Long.BYTES);
        kept++;
      }
    }
    out.putLong(0, MAGIC).putLong(8, kept);
    out.putLong(checksum(out.array(), out.position()));
    AtomicFile.write(file, Bytes.copyOf(Arrays.copyOf(out.array(), out.position())));
    changed = false;
  }

  private void read(ByteBuffer in) {
    try {
      int end = in.limit() - Long.BYTES;
      if (in.getLong() != MAGIC || in.getLong(end) != checksum(in.array(), end)) {
        return;
      }
      int saved = Math.toIntExact(in.getLong());
      long[] record = new long[WIDTH];
      for (int i = 0; i < saved; i++) {
        in.asLongBuffer().get(record);
        in.position(in.position() + WIDTH * Long.BYTES);
        int at = add(record[DEVICE], record[INODE]) * WIDTH;
        System.arraycopy(record, 0, records, at, WIDTH);
        sessions = Math.max(sessions, record[SESSION]);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      // Too short to be ours: as good as no file, and the next save replaces it.
      clear();
    }
  }

  private boolean isSame(int record, FileStatus status) {
    int at = record * WIDTH;
    return records[at + SIZE] == status.size()
        && records[at + MODIFIED] == nanos(status.mtimeSeconds(), status.mtimeNanos())
        && records[at + CHANGED] == nanos(status.ctimeSeconds(), status.ctimeNanos());
  }

  private int recordOf(long device, long inode) {
    for (int slot = slot(device, inode); ; slot = (slot + 1) & (index.length - 1)) {
      int record = index[slot];
      if (record == NO_RECORD
          || records[record * WIDTH + DEVICE] == device
              && records[record * WIDTH + INODE] == inode) {
        return record;
      }
    }
  }

  private int add(long device, long inode) {
    if (count == MAX_RECORDS) {
      forgetOldest();
    }
    if ((count + 1) * WIDTH > records.length) {
      records = Arrays.copyOf(records, records.length * 2);
      reindex(index.length * 2);
    }
    int at = count * WIDTH;
    records[at + DEVICE] = device;
    records[at + INODE] = inode;
    insert(count);
    return count++;
  }

  private void insert(int record) {
    int slot = slot(records[record * WIDTH + DEVICE], records[record * WIDTH + INODE]);
    while (index[slot] != NO_RECORD) {
      slot = (slot + 1) & (index.length - 1);
    }
    index[slot] = record;
  }

  private void reindex(int slots) {
    index = emptyIndex(slots);
    for (int record = 0; record < count; record++) {
      insert(record);
    }
  }

  /** Keeps half: what was used last, and of the session at the border as much as fits. */
  private void forgetOldest() {
    long[] used = new long[count];
    for (int record = 0; record < count; record++) {
      used[record] = lastUse(record);
    }
    Arrays.sort(used);
    long border = used[count / 2];
    long room = MAX_RECORDS / 2 - Arrays.stream(used).filter(session -> session > border).count();
    int kept = 0;
    for (int record = 0; record < count; record++) {
      long session = lastUse(record);
      if (session > border || session == border && room-- > 0) {
        System.arraycopy(records, record * WIDTH, records, kept * WIDTH, WIDTH);
        kept++;
      }
    }
    count = kept;
    reindex(index.length);
  }

  private long lastUse(int record) {
    return Math.abs(records[record * WIDTH + SESSION]);
  }

  private void clear() {
    count = 0;
    sessions = 0;
    index = emptyIndex(index.length);
  }

  private int slot(long device, long inode) {
    long hash = (inode * 0x9E3779B97F4A7C15L) ^ (device * 0xC2B2AE3D27D4EB4FL);
    return (int) (hash >>> 32) & (index.length - 1);
  }

  private static int[] emptyIndex(int slots) {
    int[] index = new int[slots];
    Arrays.fill(index, NO_RECORD);
    return index;
  }

  private static long nanos(long seconds, int nanos) {
    return seconds * 1_000_000_000L + nanos;
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }
}
