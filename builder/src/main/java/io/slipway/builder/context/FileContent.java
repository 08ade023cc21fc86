package io.slipway.builder.context;

import io.slipway.image.model.DigestAlgorithm;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.PathBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** The digest of what is in one file: its bytes, and the attributes that count beside them. */
final class FileContent {
  static final byte[] EMPTY = DigestAlgorithm.SHA256.newDigest().digest();

  /** The one attribute of a context's files that changes what a program made of them may do. */
  private static final String CAPABILITY = "security.capability";

  /** Kernels stamp files with the time of their last tick: 1 to 10 ms, the rest is reserve. */
  private static final long TICK_NANOS = 50_000_000L;

  /** File systems without fractions of seconds; FAT has every other second only. */
  private static final long COARSE_NANOS = 2_500_000_000L;

  private FileContent() {}

  /** Attributes by the rule of spec/dockerfile.md 4.2: no security.* and system.* but one. */
  static Map<String, byte[]> countedInStages(Map<String, byte[]> xattrs) {
    if (xattrs.isEmpty()) {
      return xattrs;
    }
    Map<String, byte[]> counted = new TreeMap<>(xattrs);
    counted
        .keySet()
        .removeIf(name ->
            !name.equals(CAPABILITY)
                && (name.startsWith("security.") || name.startsWith("system.")));
    return counted;
  }

  /** Of a context's attributes only capabilities count: BuildKit does not see others change. */
  static Map<String, byte[]> countedInContexts(Map<String, byte[]> xattrs) {
    return Optional.ofNullable(xattrs.get(CAPABILITY))
        .map(value -> Map.of(CAPABILITY, value))
        .orElse(Map.of());
  }

  /** Reads a file to its end or until nobody waits; {@code buffer} is scratch memory. */
  static byte[] read(
      Fd file, MemorySegment buffer, Map<String, byte[]> counted, BooleanSupplier stopped)
      throws IOException {
    MessageDigest data = DigestAlgorithm.SHA256.newDigest();
    ByteBuffer bytes = buffer.asByteBuffer();
    for (long n = FileCalls.read(file, buffer); n > 0; n = FileCalls.read(file, buffer)) {
      if (stopped.getAsBoolean()) {
        throw new IOException("nobody waits for the file any more");
      }
      data.update(bytes.clear().limit((int) n));
    }
    return withAttributes(data.digest(), counted);
  }

  static byte[] withAttributes(byte[] data, Map<String, byte[]> counted) {
    if (counted.isEmpty()) {
      return data;
    }
    MessageDigest all = DigestAlgorithm.SHA256.newDigest();
    all.update(data);
    new TreeMap<>(counted)
        .forEach((name, value) -> {
          all.update(PathBytes.encode(name));
          all.update((byte) 0);
          all.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, value.length));
          all.update(value);
        });
    return all.digest();
  }

  /**
   * Whether a change made after {@code nowNanos} would give the file another change time, so that
   * what is read from then on is known to belong to this status.
   *
   * @param nowNanos nanoseconds since 1970
   */
  static boolean isSettled(FileStatus status, long nowNanos) {
    long changed = status.ctimeSeconds() * 1_000_000_000L + status.ctimeNanos();
    long granularity = status.ctimeNanos() == 0 ? COARSE_NANOS : TICK_NANOS;
    return changed < nowNanos - granularity;
  }

  /** Whether the same content may be expected: nothing the kernel keeps about it differs. */
  static boolean isSame(FileStatus before, FileStatus after) {
    return before.size() == after.size()
        && before.mtimeSeconds() == after.mtimeSeconds()
        && before.mtimeNanos() == after.mtimeNanos()
        && before.ctimeSeconds() == after.ctimeSeconds()
        && before.ctimeNanos() == after.ctimeNanos();
  }
}
