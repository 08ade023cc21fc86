package io.slipway.runtime.process;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A pseudo terminal in the devpts of a container, opened from outside: by descriptor, so no path of
 * the container is walked and no descriptor has to be passed back.
 *
 * @param master the daemon's end, non-blocking; a read after the last slave is closed gives EIO
 * @param slave becomes the standard streams of the process; the daemon closes it after the start
 * @param number the container sees the slave as {@code /dev/pts/NUMBER}
 */
public record Pty(Fd master, Fd slave, int number) implements AutoCloseable {
  private static final long TIOCSPTLCK = 0x40045431L;
  private static final long TIOCGPTN = 0x80045430L;
  private static final long TIOCGPTPEER = 0x5441;
  private static final long TIOCSWINSZ = 0x5414;

  /**
   * @param devpts the mounted file system, attached or not
   */
  public static Pty open(Fd devpts) throws LinuxException {
    int flags = OpenFlags.O_RDWR | OpenFlags.O_NOCTTY;
    Fd master = FileCalls.openAt(devpts, "ptmx", flags | OpenFlags.O_NONBLOCK, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      FileCalls.ioctl(master, TIOCSPTLCK, number.address());
      FileCalls.ioctl(master, TIOCGPTN, number.address());
      Fd slave = new Fd((int) FileCalls.ioctl(master, TIOCGPTPEER, flags | OpenFlags.O_CLOEXEC));
      return new Pty(master, slave, number.get(ValueLayout.JAVA_INT, 0));
    } catch (LinuxException e) {
      master.close();
      throw e;
    }
  }

  /** Sets the size, which sends SIGWINCH to the terminal's foreground processes. */
  public void resize(int columns, int rows) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(8, 2);
      size.set(ValueLayout.JAVA_SHORT, 0, (short) rows);
      size.set(ValueLayout.JAVA_SHORT, 2, (short) columns);
      FileCalls.ioctl(master, TIOCSWINSZ, size.address());
    }
  }

  @Override
  public void close() {
    slave.close();
    master.close();
  }
}
