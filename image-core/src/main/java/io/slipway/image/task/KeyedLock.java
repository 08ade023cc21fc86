package io.slipway.image.task;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** A lock per key, kept only while somebody holds or wants it. Reentrant; safe for threads. */
public final class KeyedLock<K> {
  private final Map<K, Entry> entries = new HashMap<>();

  /** A held lock; closing releases it. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits until {@code key} is free and takes it for the calling thread. */
  public Held lock(K key) {
    Objects.requireNonNull(key, "key");
    Entry entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(key, k -> new Entry());
      entry.users++;
    }
    entry.lock.lock();
    return () -> release(key, entry);
  }

  private void release(K key, Entry entry) {
    entry.lock.unlock();
    synchronized (entries) {
      entry.users--;
      if (entry.users == 0) {
        entries.remove(key);
      }
    }
  }

  /** Number of keys held or wanted now; for tests. */
  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  private static final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
  }
}
