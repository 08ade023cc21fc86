package io.slipway.builder.solver;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The threads of one build: each task on a virtual thread of its own, which other tasks wait for.
 * The first failure interrupts all others and is the one that is told.
 */
final class Tasks {
  private final Set<Thread> threads = new HashSet<>();
  private Throwable failure;

  /** Begins a task; its outcome is in the future. */
  <V> CompletableFuture<V> start(String name, Callable<V> work) {
    var outcome = new CompletableFuture<V>();
    Thread thread = Thread.ofVirtual().name(name).unstarted(() -> run(work, outcome));
    synchronized (this) {
      if (failure != null) {
        outcome.completeExceptionally(failure);
        return outcome;
      }
      threads.add(thread);
      thread.start();
    }
    return outcome;
  }

  private <V> void run(Callable<V> work, CompletableFuture<V> outcome) {
    try {
      outcome.complete(work.call());
    } catch (Throwable t) {
      fail(t);
      outcome.completeExceptionally(t);
    } finally {
      synchronized (this) {
        threads.remove(Thread.currentThread());
        notifyAll();
      }
    }
  }

  /** Ends all tasks with this reason, unless they end for another one already. */
  synchronized void fail(Throwable reason) {
    if (failure == null) {
      failure = reason;
      threads.forEach(Thread::interrupt);
    }
  }

  synchronized boolean failed() {
    return failure != null;
  }

  /** Waits for a task, from another task. */
  static <V> V await(CompletableFuture<V> task) throws Exception {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case Error error -> throw error;
        case Exception exception -> exception;
        default -> e;
      };
    }
  }

  /** Waits until no task runs, then tells the first failure if there was one. */
  void join() {
    boolean interrupted = false;
    synchronized (this) {
      while (!threads.isEmpty()) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
          fail(new SlipwayException(ErrorKind.CANCELLED, "build cancelled"));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (failure) {
      case null -> {
        // all went well
      }
      case RuntimeException known -> throw known;
      case Error error -> throw error;
      default -> throw new SlipwayException(ErrorKind.INTERNAL, describe(failure), failure);
    }
  }

  private static String describe(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
