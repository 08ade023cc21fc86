package io.slipway.image.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * fsync of one directory, shared by those who ask at the same time: a sync that starts after a
 * rename covers it, so callers who arrive during one wait for the next together.
 */
final class DirectorySync {
  private final Path directory;
  private long asked;
  private long done;
  private boolean running;

  DirectorySync(Path directory) {
    this.directory = directory;
  }

  /** Returns when every change made to the directory before the call is durable. */
  void sync() throws IOException {
    long mine;
    synchronized (this) {
      mine = ++asked;
    }
    while (true) {
      long covered;
      synchronized (this) {
        while (running && done < mine) {
          awaitOther();
        }
        if (done >= mine) {
          return;
        }
        running = true;
        covered = asked;
      }
      boolean synced = false;
      try {
        force();
        synced = true;
      } finally {
        synchronized (this) {
          running = false;
          if (synced) {
            done = Math.max(done, covered);
          }
          notifyAll();
        }
      }
    }
  }

  private void awaitOther() throws IOException {
    try {
      wait();
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
