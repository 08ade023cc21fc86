package io.slipway.image.task;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Runs equal work that is asked for at the same time once and gives everybody its outcome, failure
 * included. Nothing is remembered after the work has ended. Safe for threads.
 *
 * <p>The work runs on the thread of the first caller. When that one is cancelled, a caller who
 * waits runs the work again rather than share somebody else's cancellation.
 */
public final class SingleFlight<K, V> {
  private final Map<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

  /** The result of {@code work} for {@code key}, run here or by a caller already under way. */
  public V run(K key, Callable<? extends V> work) throws Exception {
    while (true) {
      CompletableFuture<V> mine = new CompletableFuture<>();
      CompletableFuture<V> running = flights.putIfAbsent(key, mine);
      if (running == null) {
        return lead(key, mine, work);
      }
      try {
        return running.get();
      } catch (ExecutionException e) {
        if (!isCancellation(e.getCause())) {
          throw rethrow(e.getCause());
        }
      }
    }
  }

  private V lead(K key, CompletableFuture<V> mine, Callable<? extends V> work) throws Exception {
    try {
      V value = work.call();
      flights.remove(key, mine);
      mine.complete(value);
      return value;
    } catch (Throwable t) {
      // removed before completing: a follower that runs again must not meet this flight
      flights.remove(key, mine);
      mine.completeExceptionally(t);
      throw t;
    }
  }

  private static boolean isCancellation(Throwable t) {
    return t instanceof InterruptedException
        || t instanceof SlipwayException s && s.kind() == ErrorKind.CANCELLED;
  }

  private static Exception rethrow(Throwable t) throws Exception {
    if (t instanceof Error error) {
      throw error;
    }
    throw (Exception) t;
  }
}
