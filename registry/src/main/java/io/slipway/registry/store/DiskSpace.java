package io.slipway.registry.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Refuses uploads before they fill the disk that metadata is written to as well. */
public final class DiskSpace {
  /** Somebody who pushes in vain makes no more work than this. */
  private static final long RELIEF_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final FileStore store;
  private final long reserve;
  private final Runnable relief;
  private final ReentrantLock relieving = new ReentrantLock();
  private long relieved = System.nanoTime() - RELIEF_NANOS;

  /**
   * @param folder any folder of the file system that is watched
   * @param reserve bytes to leave free
   * @param relief frees what can be spared at once; called while the disk is too full
   */
  public DiskSpace(Path folder, long reserve, Runnable relief) throws IOException {
    this.store = Files.getFileStore(folder);
    this.reserve = reserve;
    this.relief = relief;
  }

  /** Throws a 507 fault when {@code more} bytes would eat into the reserve. */
  void require(long more) {
    if (hasRoom(more)) {
      return;
    }
    relieve();
    if (!hasRoom(more)) {
      throw RegistryFault.noSpace("no space left to store " + more + " bytes", null);
    }
  }

  private boolean hasRoom(long more) {
    try {
      return store.getUsableSpace() - reserve >= more;
    } catch (IOException e) {
      // not knowing is no reason to refuse: the write itself reports a full disk
      return true;
    }
  }

  /** Makes room; one caller does it for all who come meanwhile. */
  void relieve() {
    relieving.lock();
    try {
      if (System.nanoTime() - relieved >= RELIEF_NANOS) {
        relief.run();
        relieved = System.nanoTime();
      }
    } finally {
      relieving.unlock();
    }
  }
}
