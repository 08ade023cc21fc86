package io.slipway.runtime.process;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.spec.TerminalSize;
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
  public static Pty open(Fd devpts, TerminalSize size) throws LinuxException {
    int flags = OpenFlags.O_RDWR | OpenFlags.O_NOCTTY;
    Fd master = FileCalls.openAt(devpts, "ptmx", flags | OpenFlags.O_NONBLOCK, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      FileCalls.ioctl(master, TIOCSPTLCK, number.address());
      FileCalls.ioctl(master, TIOCGPTN, number.address());
      Fd slave = new Fd((int) FileCalls.ioctl(master, TIOCGPTPEER, flags | OpenFlags.O_CLOEXEC));
      Pty pty = new Pty(master, slave, number.get(ValueLayout.JAVA_INT, 0));
      pty.resize(size);
      return pty;
    } catch (LinuxException e) {
      master.close();
      throw e;
    }
  }

  /** A terminal that was opened by an earlier daemon and whose process has its slave. */
  public static Pty adopt(Fd master) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      FileCalls.ioctl(master, TIOCGPTN, number.address());
      Fd closed = master.duplicate();
      closed.close();
      return new Pty(master, closed, number.get(ValueLayout.JAVA_INT, 0));
    }
  }

  /** Sets the size, which sends SIGWINCH to the terminal's foreground processes. */
  public void resize(TerminalSize size) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment winsize = arena.allocate(8, 2);
      winsize.set(ValueLayout.JAVA_SHORT, 0, (short) size.rows());
      winsize.set(ValueLayout.JAVA_SHORT, 2, (short) size.columns());
      FileCalls.ioctl(master, TIOCSWINSZ, winsize.address());
    }
  }

  @Override
  public void close() {
    slave.close();
    master.close();
  }
}
