package io.slipway.runtime.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Processes, signals and namespaces. */
public final class ProcessCalls {
  public static final int CLONE_NEWTIME = 0x80;
  public static final int CLONE_VM = 0x100;
  public static final int CLONE_PIDFD = 0x1000;
  public static final int CLONE_FILES = 0x400;
  public static final int CLONE_VFORK = 0x4000;
  public static final int CLONE_PARENT = 0x8000;
  public static final int CLONE_NEWNS = 0x20000;
  public static final int CLONE_NEWCGROUP = 0x2000000;
  public static final int CLONE_NEWUTS = 0x4000000;
  public static final int CLONE_NEWIPC = 0x8000000;
  public static final int CLONE_NEWUSER = 0x10000000;
  public static final int CLONE_NEWPID = 0x20000000;
  public static final int CLONE_NEWNET = 0x40000000;
  public static final long CLONE_CLEAR_SIGHAND = 0x100000000L;
  public static final long CLONE_INTO_CGROUP = 0x200000000L;

  public static final int SIGKILL = 9;
  public static final int SIGCONT = 18;
  public static final int SIGSTOP = 19;

  public static final short POLLIN = 1;
  public static final short POLLOUT = 4;

  private static final long PIDFD_GET_INFO = 0xC040FF0BL;
  private static final long PIDFD_INFO_EXIT = 8;
  private static final int INFO_BYTES = 64;
  private static final int INFO_EXIT_CODE = 60;

  private static final int P_PID = 1;
  private static final int P_PIDFD = 3;
  private static final int WNOHANG = 1;
  private static final int WEXITED = 4;
  private static final int CLD_EXITED = 1;

  private ProcessCalls() {}

  /** Moves the calling thread only; see the warnings at {@link #unshare}. */
  public static void setNamespace(Fd namespace, int type) throws LinuxException {
    Kernel.call(SystemCall.SETNS, namespace.toString(), namespace.number(), type);
  }

  /**
   * Gives the calling <em>thread</em> new namespaces. Only for a platform thread that goes back
   * before anything else runs on it (network namespaces); never for pid, user or mount namespaces.
   */
  public static void unshare(long flags) throws LinuxException {
    Kernel.call(SystemCall.UNSHARE, Long.toHexString(flags), flags);
  }

  public static Fd pidFd(int pid) throws LinuxException {
    return FileCalls.fd(Kernel.call(SystemCall.PIDFD_OPEN, Integer.toString(pid), pid, 0));
  }

  /** Sends a signal; false if the process is gone. */
  public static boolean signal(Fd pidFd, int signal) throws LinuxException {
    return delivered(
        Kernel.tryCall(SystemCall.PIDFD_SEND_SIGNAL, pidFd.number(), signal, 0, 0), signal);
  }

  /** {@code kill(2)}; false if the process is gone. Prefer {@link #signal}: numbers are reused. */
  public static boolean kill(int pid, int signal) throws LinuxException {
    return delivered(Kernel.tryCall(SystemCall.KILL, pid, signal), signal);
  }

  private static boolean delivered(long result, int signal) throws LinuxException {
    if (result == -Errno.ESRCH.number()) {
      return false;
    }
    if (result < 0) {
      throw new LinuxException("kill", "signal " + signal, Errno.of((int) -result));
    }
    return true;
  }

  /**
   * How a child ended.
   *
   * @param signaled whether {@code value} is a signal number instead of an exit code
   */
  public record Ended(boolean signaled, int value) {
    /** From the form in which {@code wait(2)} tells it. */
    public static Ended ofWaitStatus(int status) {
      int signal = status & 0x7f;
      return signal != 0 ? new Ended(true, signal) : new Ended(false, status >> 8 & 0xff);
    }
  }

  /** Reaps the child if it has ended; empty while it runs. Never blocks. */
  public static Optional<Ended> reap(Fd pidFd) throws LinuxException {
    return reap(P_PIDFD, pidFd.number(), pidFd.toString());
  }

  /** Reaps a child that nobody has a descriptor of; false while it runs. Never blocks. */
  public static boolean reapOrphan(int pid) throws LinuxException {
    try {
      return reap(P_PID, pid, Integer.toString(pid)).isPresent();
    } catch (LinuxException e) {
      // somebody waited for it after all
      if (e.is(Errno.ECHILD)) {
        return true;
      }
      throw e;
    }
  }

  private static Optional<Ended> reap(int kind, int number, String what) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(128, 8);
      FileCalls.retrying(
          SystemCall.WAITID, what, kind, number, info.address(), WEXITED | WNOHANG, 0);
      int code = info.get(ValueLayout.JAVA_INT, 8);
      if (info.get(ValueLayout.JAVA_INT, 0) == 0) {
        return Optional.empty();
      }
      return Optional.of(new Ended(code != CLD_EXITED, info.get(ValueLayout.JAVA_INT, 24)));
    }
  }

  /** The number of a process as seen from here; empty once it is gone and reaped. */
  public static OptionalInt pid(Fd pidFd) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + pidFd.number()))) {
      if (line.startsWith("Pid:")) {
        int pid = Integer.parseInt(line.substring("Pid:".length()).strip());
        return pid > 0 ? OptionalInt.of(pid) : OptionalInt.empty();
      }
    }
    throw new IOException(pidFd + " is no pidfd");
  }

  /**
   * How a process that is not our child ended, which the kernel tells whoever has held its pidfd
   * since before (6.15 and later); empty if it runs, waits to be reaped, or the kernel is older.
   */
  public static Optional<Ended> exitInfo(Fd pidFd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(INFO_BYTES, 8);
      info.set(ValueLayout.JAVA_LONG, 0, PIDFD_INFO_EXIT);
      long result =
          Kernel.tryCall(SystemCall.IOCTL, pidFd.number(), PIDFD_GET_INFO, info.address());
      if (result < 0 || (info.get(ValueLayout.JAVA_LONG, 0) & PIDFD_INFO_EXIT) == 0) {
        return Optional.empty();
      }
      return Optional.of(Ended.ofWaitStatus(info.get(ValueLayout.JAVA_INT, INFO_EXIT_CODE)));
    }
  }

  /** A descriptor of another process, which must be ours to trace. */
  public static Fd descriptorOf(Fd pidFd, int number) throws LinuxException {
    String name = "descriptor " + number + " of " + pidFd;
    return FileCalls.fd(Kernel.call(SystemCall.PIDFD_GETFD, name, pidFd.number(), number, 0));
  }

  public static long prctl(int option, long a1, long a2, long a3, long a4) throws LinuxException {
    return Kernel.call(SystemCall.PRCTL, Integer.toString(option), option, a1, a2, a3, a4);
  }

  /**
   * Waits until one of the descriptors is ready.
   *
   * @param numbers descriptor numbers; negative ones are ignored
   * @param timeoutMillis minus one waits without limit
   * @return the events of each descriptor, 0 for none; all 0 after a timeout or a signal
   */
  public static short[] poll(int[] numbers, short events, long timeoutMillis)
      throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(8L * Math.max(1, numbers.length), 8);
      for (int i = 0; i < numbers.length; i++) {
        set.set(ValueLayout.JAVA_INT, 8L * i, numbers[i]);
        set.set(ValueLayout.JAVA_SHORT, 8L * i + 4, events);
      }
      MemorySegment timeout = arena.allocate(16, 8);
      timeout.set(ValueLayout.JAVA_LONG, 0, timeoutMillis / 1000);
      timeout.set(ValueLayout.JAVA_LONG, 8, timeoutMillis % 1000 * 1_000_000);
      long limit = timeoutMillis < 0 ? 0 : timeout.address();
      long result = Kernel.tryCall(SystemCall.PPOLL, set.address(), numbers.length, limit, 0, 8);
      if (result < 0 && result != -Errno.EINTR.number()) {
        throw new LinuxException("ppoll", "", Errno.of((int) -result));
      }
      short[] ready = new short[numbers.length];
      for (int i = 0; result > 0 && i < ready.length; i++) {
        ready[i] = set.get(ValueLayout.JAVA_SHORT, 8L * i + 6);
      }
      return ready;
    }
  }
}
