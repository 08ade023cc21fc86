package io.slipway.engine.state;

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

/** One daemon per data root: a lock that the kernel lets go of with the process. */
public final class DataRootLock implements AutoCloseable {
  private static final String FILE = "daemon.lock";

  private final FileChannel channel;

  private DataRootLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, making the data root if needed.
   *
   * @throws SlipwayException with one line: another daemon has it, or it cannot be written
   */
  public static DataRootLock acquire(Path dataRoot) {
    Path file = dataRoot.resolve(FILE);
    try {
      Files.createDirectories(dataRoot);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw taken(dataRoot, holder(channel));
        }
        channel.truncate(0);
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        channel.write(ByteBuffer.wrap(pid), 0);
        return new DataRootLock(channel);
      } catch (OverlappingFileLockException e) {
        channel.close();
        throw taken(dataRoot, "this process");
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.UNAVAILABLE,
          "data root " + dataRoot + " cannot be used: " + FileReason.of(e),
          e);
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    return "pid " + new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
  }

  private static SlipwayException taken(Path dataRoot, String holder) {
    return new SlipwayException(
        ErrorKind.CONFLICT,
        "a daemon is already running with data root "
            + dataRoot
            + " ("
            + holder
            + "): stop it or use another --data-root");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
