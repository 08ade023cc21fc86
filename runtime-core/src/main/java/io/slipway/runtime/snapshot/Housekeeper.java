package io.slipway.runtime.snapshot;

import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The work nobody waits for: deleting the files of removed snapshots, and syncing commits. What
 * fails is done again by the next open, and told by {@link #close}.
 */
final class Housekeeper {
  private static final long SETTLE_DELAY_SECONDS = 5;

  private final Settling settling;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("snapshot-housekeeper").factory());
  private final AtomicBoolean settlePlanned = new AtomicBoolean();
  private IOException failure;

  Housekeeper(Settling settling) {
    this.settling = settling;
    // A planned sync is dropped at the end, since the owner then syncs itself.
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Deletes a directory with everything in it, soon; fine if it is gone by then. */
  void delete(Path directory) {
    thread.execute(() -> attempt(() -> remove(directory)));
  }

  /** Syncs what was committed until then, a few seconds from now. */
  void settleSoon() {
    if (settlePlanned.compareAndSet(false, true)) {
      thread.schedule(this::settle, SETTLE_DELAY_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Does what is under way, then reports the failures there were. */
  void close() throws IOException {
    thread.shutdown();
    boolean interrupted = false;
    while (!thread.isTerminated()) {
      try {
        thread.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (failure != null) {
        throw failure;
      }
    }
  }

  private static boolean remove(Path directory) throws IOException {
    try (Dir parent = Dir.open(directory.getParent())) {
      return parent.remove(directory.getFileName().toString());
    } catch (LinuxException e) {
      if (e.is(Errno.ENOENT)) {
        // Its snapshot was removed meanwhile, with everything in it.
        return false;
      }
      throw e;
    }
  }

  private void settle() {
    settlePlanned.set(false);
    attempt(() -> {
      settling.settle();
      return true;
    });
  }

  private void attempt(Callable<Boolean> work) {
    try {
      work.call();
    } catch (Exception e) {
      IOException wrapped = e instanceof IOException io ? io : new IOException(e.toString(), e);
      synchronized (this) {
        if (failure == null) {
          failure = wrapped;
        } else {
          failure.addSuppressed(wrapped);
        }
      }
    }
  }
}
