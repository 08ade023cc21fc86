package io.slipway.image.task;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/**
 * Runs tasks on virtual threads, at most {@code width} at a time, first forked first served. The
 * first failure interrupts the others and is the one {@link #join} throws; failures of others are
 * attached to it unless they are mere cancellations.
 *
 * <p>Owned by one thread: fork, join and close are called by it. Close interrupts what still runs
 * and waits for it, so no task outlives the block.
 */
public final class FanOut implements AutoCloseable {
  private final String name;
  private final Semaphore slots;
  private final List<Thread> threads = new ArrayList<>();
  private Throwable failure;
  private boolean stopped;

  /** {@code name} is given to the threads, with a number. */
  public FanOut(String name, int width) {
    this.name = Objects.requireNonNull(name, "name");
    this.slots = new Semaphore(width, true);
  }

  /** The outcome of one task. */
  public static final class Task<V> {
    private final Thread thread;
    private final FanOut owner;
    private V value;
    private boolean done;

    private Task(FanOut owner, Callable<? extends V> work) {
      this.owner = owner;
      this.thread =
          Thread.ofVirtual()
              .name(owner.name + "-", owner.threads.size())
              .unstarted(() -> owner.run(this, work));
    }

    /**
     * Waits for this task alone. When it, or a sibling first, has failed, throws that first failure
     * as {@link FanOut#join} does.
     */
    public V await() throws Exception {
      thread.join();
      synchronized (owner) {
        if (done) {
          return value;
        }
      }
      throw owner.firstFailure();
    }
  }

  /** Starts a task as soon as a slot is free; returns at once. */
  public <V> Task<V> fork(Callable<? extends V> work) {
    synchronized (this) {
      Task<V> task = new Task<>(this, work);
      threads.add(task.thread);
      if (!stopped) {
        task.thread.start();
      }
      return task;
    }
  }

  /** Waits for all tasks and throws the first failure there was. */
  public void join() throws Exception {
    try {
      joinThreads();
    } catch (InterruptedException e) {
      stop();
      throw e;
    }
    synchronized (this) {
      if (failure == null) {
        return;
      }
    }
    throw firstFailure();
  }

  @Override
  public void close() {
    stop();
    boolean interrupted = false;
    while (true) {
      try {
        joinThreads();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void joinThreads() throws InterruptedException {
    for (Thread thread : List.copyOf(threads)) {
      thread.join();
    }
  }

  private <V> void run(Task<V> task, Callable<? extends V> work) {
    try {
      slots.acquire();
    } catch (InterruptedException e) {
      fail(e);
      return;
    }
    try {
      finish(task, work.call());
    } catch (Throwable t) {
      // before the slot is free: nobody may start in the place of one that failed
      fail(t);
    } finally {
      slots.release();
    }
  }

  private synchronized <V> void finish(Task<V> task, V value) {
    task.value = value;
    task.done = true;
  }

  private void fail(Throwable t) {
    synchronized (this) {
      if (failure == null) {
        failure = t;
      } else if (!isCancellation(t) && t != failure) {
        failure.addSuppressed(t);
      }
    }
    stop();
  }

  private synchronized void stop() {
    if (!stopped) {
      stopped = true;
      threads.forEach(Thread::interrupt);
    }
  }

  private static boolean isCancellation(Throwable t) {
    return t instanceof InterruptedException
        || t instanceof ClosedByInterruptException
        || t instanceof SlipwayException s && s.kind() == ErrorKind.CANCELLED;
  }

  private synchronized Exception firstFailure() {
    return switch (failure) {
      case null -> new SlipwayException(ErrorKind.CANCELLED, name + " was cancelled");
      case Error error -> throw error;
      case Exception exception -> exception;
      default -> new SlipwayException(ErrorKind.INTERNAL, name + " failed", failure);
    };
  }
}
