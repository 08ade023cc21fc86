package io.slipway.runtime.snapshot;

import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The work nobody waits for: deleting the files of removed snapshots, and syncing commits. What
 * fails is done again by the next open, and told by {@link #close}.
 *
 * <p>Files are deleted some time after their removal: ext4 avoids inodes that were freed a moment
 * ago and searches for others, so that unpacking an image right after deleting one takes ten times
 * as long. When the disk is filling up, they are deleted at once.
 */
final class Housekeeper {
  private static final long SETTLE_DELAY_SECONDS = 5;
  private static final long DELETE_DELAY_SECONDS = 30;
  private static final double LOW_SPACE = 0.1;

  private final Path root;
  private final Settling settling;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("snapshot-housekeeper").factory());
  private final Queue<Path> doomed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean deletionPlanned = new AtomicBoolean();
  private final AtomicBoolean settlePlanned = new AtomicBoolean();
  private IOException failure;

  /**
   * @param root directory on the file system whose free space counts
   */
  Housekeeper(Path root, Settling settling) {
    this.root = root;
    this.settling = settling;
    // What is planned is done by close instead.
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Deletes a directory with everything in it, some time; fine if it is gone by then. */
  void delete(Path directory) throws IOException {
    doomed.add(directory);
    if (isSpaceLow()) {
      thread.execute(this::deleteDoomed);
    } else if (deletionPlanned.compareAndSet(false, true)) {
      thread.schedule(this::deleteDoomed, DELETE_DELAY_SECONDS, TimeUnit.SECONDS);
    }
  }

  private boolean isSpaceLow() throws IOException {
    FileCalls.FileSystemState state = FileCalls.statFileSystem(root);
    return state.availableBlocks() < state.blocks() * LOW_SPACE;
  }

  private void deleteDoomed() {
    deletionPlanned.set(false);
    for (Path next = doomed.poll(); next != null; next = doomed.poll()) {
      Path directory = next;
      attempt(() -> remove(directory));
    }
  }

  /** Syncs what was committed until then, a few seconds from now. */
  void settleSoon() {
    if (settlePlanned.compareAndSet(false, true)) {
      thread.schedule(this::settle, SETTLE_DELAY_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Deletes what is to be deleted, then reports the failures there were. */
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
    deleteDoomed();
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
