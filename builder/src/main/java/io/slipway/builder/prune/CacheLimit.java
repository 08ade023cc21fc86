package io.slipway.builder.prune;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the build cache below a limit: looks now and then, after builds, beside them. Safe for
 * threads.
 */
public final class CacheLimit implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(CacheLimit.class.getName());

  /** A survey walks the cache mounts. */
  private static final Duration PAUSE = Duration.ofSeconds(30);

  private final BuildCache cache;
  private final long limitBytes;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile Instant next = Instant.MIN;
  private volatile Thread looker;

  /**
   * @param limitBytes what the cache may take, without what images stand on
   */
  public CacheLimit(BuildCache cache, long limitBytes) {
    this.cache = cache;
    this.limitBytes = limitBytes;
  }

  /** To be told after a build that added to the cache; returns at once. */
  public void grown() {
    if (Instant.now().isBefore(next) || !looking.compareAndSet(false, true)) {
      return;
    }
    next = Instant.now().plus(PAUSE);
    looker = Thread.ofVirtual().name("build cache limit").start(this::look);
  }

  private void look() {
    try {
      if (cache.ownBytes() > limitBytes) {
        // some room, so that not every build has to make some
        cache.prune(PruneRequest.downTo(limitBytes - limitBytes / 5));
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot make the build cache smaller", e);
    } finally {
      looking.set(false);
    }
  }

  /** Waits until nothing is being removed. */
  @Override
  public void close() {
    Thread last = looker;
    if (last != null) {
      try {
        last.join();
      } catch (InterruptedException e) {
        // it ends by itself
        Thread.currentThread().interrupt();
      }
    }
  }
}
