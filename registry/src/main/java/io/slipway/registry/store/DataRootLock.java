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
 * Keeps a data root to one server. The kernel drops the lock with the process, so a killed server
 * never leaves it behind; the file's text, the owner's process id, is only for people.
 */
public final class DataRootLock implements AutoCloseable {
  private final FileChannel channel;

  private DataRootLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the folder if need be; CONFLICT when another server holds it. */
  public static DataRootLock take(Path dataRoot) {
    Path file = dataRoot.resolve("lock");
    try {
      Files.createDirectories(dataRoot);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        lock(channel, dataRoot, file);
        return new DataRootLock(channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot use data root " + dataRoot + ": " + FileReason.of(e), e);
    }
  }

  private static void lock(FileChannel channel, Path dataRoot, Path file) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      throw inUse(dataRoot, "this process", e);
    }
    if (lock == null) {
      throw inUse(dataRoot, "process " + Files.readString(file).strip(), null);
    }
    String owner = ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.UTF_8)), 0);
  }

  private static SlipwayException inUse(Path dataRoot, String owner, Throwable cause) {
    return new SlipwayException(
        ErrorKind.CONFLICT,
        "data root " + dataRoot + " is in use by " + owner + ": stop it or choose another folder",
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "release the data root: " + e.getMessage(), e);
    }
  }
}
