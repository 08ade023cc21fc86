package io.slipway.image.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * fsync of one directory, shared by those who ask at the same time: a sync that starts after a
 * rename covers it, so callers who arrive during one wait for the next together.
 */
final class DirectorySync {
  private final Path directory;

  // not a monitor: waking a virtual thread from one takes a detour through another thread
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private long asked;
  private long done;
  private boolean running;

  DirectorySync(Path directory) {
    this.directory = directory;
  }

  /** Returns when every change made to the directory before the call is durable. */
  void sync() throws IOException {
    lock.lock();
    try {
      long mine = ++asked;
      while (running && done < mine) {
        awaitOther();
      }
      while (done < mine) {
        syncForAll();
        while (running && done < mine) {
          awaitOther();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Syncs for everybody who has asked so far; called and left with the lock held. */
  private void syncForAll() throws IOException {
    running = true;
    long covered = asked;
    boolean synced = false;
    lock.unlock();
    try {
      force();
      synced = true;
    } finally {
      lock.lock();
      running = false;
      if (synced) {
        done = Math.max(done, covered);
      }
      ended.signalAll();
    }
  }

  private void awaitOther() throws IOException {
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for fsync of " + directory, e);
    }
  }

  private void force() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
