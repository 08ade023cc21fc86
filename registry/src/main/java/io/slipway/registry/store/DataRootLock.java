package io.slipway.registry.store;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps a data root to one process. The kernel drops the lock with the process, so a killed one
 * never leaves it behind; the file's text, the owner's process id, is for people, and tells whether
 * the last owner ended in order: it is erased then.
 */
public final class DataRootLock implements AutoCloseable {
  private final FileChannel channel;
  private final Optional<Instant> killed;
  private final Instant taken;

  private DataRootLock(FileChannel channel, Optional<Instant> killed, Instant taken) {
    this.channel = channel;
    this.killed = killed;
    this.taken = taken;
  }

  /** Whether the last owner was killed. */
  public boolean isAfterKill() {
    return killed.isPresent();
  }

  /** When the last owner took the data root, if it was killed; by the clock of the file system. */
  public Optional<Instant> killedOwnerSince() {
    return killed;
  }

  /** When this owner took it, by the same clock. */
  public Instant taken() {
    return taken;
  }

  /** Makes the folder if need be; CONFLICT when another process holds it. */
  public static DataRootLock take(Path dataRoot) {
    Path file = dataRoot.resolve("lock");
    try {
      Files.createDirectories(dataRoot);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        Optional<Instant> killed = lock(channel, dataRoot, file);
        return new DataRootLock(channel, killed, modified(file));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot use data root " + dataRoot + ": " + FileReason.of(e), e);
    }
  }

  private static Instant modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant();
  }

  /** When a former owner wrote the text that is still there. */
  private static Optional<Instant> lock(FileChannel channel, Path dataRoot, Path file)
      throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw inUse(dataRoot, "this process", e);
    }
    if (lock == null) {
      throw inUse(dataRoot, "process " + Files.readString(file).strip(), null);
    }
    Optional<Instant> leftBehind =
        channel.size() > 0 ? Optional.of(modified(file)) : Optional.empty();
    String owner = ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
    return leftBehind;
  }

  private static SlipwayException inUse(Path dataRoot, String owner, Throwable cause) {
    return new SlipwayException(
        ErrorKind.CONFLICT,
        "data root " + dataRoot + " is in use by " + owner + ": stop it or choose another folder",
        cause);
  }

  @Override
  public void close() {
    try (channel) {
      channel.truncate(0);
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "release the data root: " + e.getMessage(), e);
    }
  }
}
