package io.slipway.runtime.cgroup;

import io.slipway.runtime.linux.Fd;
import java.io.IOException;
import java.time.Duration;

/** Tells when a cgroup runs out of memory; a poller watches {@link #descriptor}. */
public interface OomSignal extends AutoCloseable {

  /** Becomes ready with {@link #pollEvents} when something happened, or the cgroup is gone. */
  Fd descriptor();

  /** {@code POLLIN} on v1, {@code POLLPRI} on v2. */
  short pollEvents();

  /**
   * Waits for the next out-of-memory event and takes it.
   *
   * @return false if there was none within {@code limit}, or the cgroup is being removed
   */
  boolean await(Duration limit) throws IOException;

  @Override
  void close();
}
