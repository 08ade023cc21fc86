package io.slipway.runtime.linux;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor that somebody must close. Safe to close twice and from any thread; using
 * the number after the close is an {@link IllegalStateException}, never somebody else's file.
 */
public final class Fd implements AutoCloseable {
  private static final int CLOSED = -1;

  private final AtomicInteger number;

  /** Takes over the descriptor: from now on only {@link #close} or {@link #release} ends it. */
  public Fd(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("not a file descriptor: " + number);
    }
    this.number = new AtomicInteger(number);
  }

  public int number() {
    int value = number.get();
    if (value == CLOSED) {
      throw new IllegalStateException("file descriptor is closed");
    }
    return value;
  }

  public boolean isOpen() {
    return number.get() != CLOSED;
  }

  /** {@code /proc/self/fd/N}: reaches the open file, directory or mount with plain java.nio. */
  public Path path() {
    return Path.of("/proc/self/fd/" + number());
  }

  /** Hands the number to someone else; this holder counts as closed afterwards. */
  public int release() {
    int value = number.getAndSet(CLOSED);
    if (value == CLOSED) {
      throw new IllegalStateException("file descriptor is closed");
    }
    return value;
  }

  /** Another descriptor for the same open file, close-on-exec. */
  public Fd duplicate() throws LinuxException {
    return FileCalls.duplicate(this);
  }

  @Override
  public void close() {
    int value = number.getAndSet(CLOSED);
    if (value != CLOSED) {
      // The kernel frees the number even when close reports an error, so there is nothing to retry.
      Kernel.tryCall(SystemCall.CLOSE, value);
    }
  }

  @Override
  public String toString() {
    int value = number.get();
    return value == CLOSED ? "fd(closed)" : "fd " + value;
  }
}
