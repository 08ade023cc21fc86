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

/**
 * Keeps a data root to one process. The kernel drops the lock with the process, so a killed one
 * never leaves it behind; the file's text, the owner's process id, is for people, and tells whether
 * the last owner ended in order: it is erased then.
 */
public final class DataRootLock implements AutoCloseable {
  private final FileChannel channel;
  private final boolean afterKill;

  private DataRootLock(FileChannel channel, boolean afterKill) {
    this.channel = channel;
    this.afterKill = afterKill;
  }

  /** Whether the last owner was killed. */
  public boolean isAfterKill() {
    return afterKill;
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
        return new DataRootLock(channel, lock(channel, dataRoot, file));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot use data root " + dataRoot + ": " + FileReason.of(e), e);
    }
  }

  /** Whether a former owner's text was still there. */
  private static boolean lock(FileChannel channel, Path dataRoot, Path file) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw inUse(dataRoot, "this process", e);
    }
    if (lock == null) {
      throw inUse(dataRoot, "process " + Files.readString(file).strip(), null);
    }
    boolean leftBehind = channel.size() > 0;
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
