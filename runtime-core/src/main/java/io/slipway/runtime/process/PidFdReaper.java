package io.slipway.runtime.process;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.ProcessCalls;
import io.slipway.runtime.linux.ProcessCalls.Ended;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * Waits for all child processes with one platform thread, and for those of an earlier daemon.
 * Waiting by pidfd touches only our own children, so {@link java.lang.Process} keeps working beside
 * it.
 */
public final class PidFdReaper implements AutoCloseable {
  private final ConcurrentLinkedQueue<Watch> added = new ConcurrentLinkedQueue<>();
  private final Executor completions;
  private final Fd wakeUp;
  private final Thread thread;
  private volatile boolean closed;

  private record Watch(Fd pidFd, CompletableFuture<Ended> future) {}

  /**
   * @param completions runs what depends on the futures, so that a slow listener delays nobody
   */
  public PidFdReaper(Executor completions) throws LinuxException {
    this.completions = completions;
    this.wakeUp = FileCalls.eventCounter();
    this.thread = Thread.ofPlatform().name("slipway-reaper").daemon().start(this::loop);
  }

  /**
   * Reaps the child when it ends; a process that is not our child is not reaped, but its end is
   * told all the same. The descriptor stays the caller's and must be open until the future is done.
   */
  public CompletableFuture<Ended> watch(Fd pidFd) throws LinuxException {
    CompletableFuture<Ended> future = new CompletableFuture<>();
    added.add(new Watch(pidFd, future));
    wake();
    return future;
  }

  private void wake() throws LinuxException {
    FileCalls.writeFully(wakeUp, new byte[] {1, 0, 0, 0, 0, 0, 0, 0});
  }

  private void loop() {
    List<Watch> watches = new ArrayList<>();
    while (!closed) {
      try {
        reapReady(watches);
      } catch (LinuxException e) {
        // Polling our own descriptors cannot fail; if it does, every waiter must learn of it.
        watches.forEach(w -> fail(w, e));
        watches.clear();
      }
      for (Watch watch = added.poll(); watch != null; watch = added.poll()) {
        if (!endedOrBroken(watch)) {
          watches.add(watch);
        }
      }
    }
    watches.forEach(w -> fail(w, new LinuxException("waitid", "reaper closed", Errno.ECANCELED)));
  }

  private void reapReady(List<Watch> watches) throws LinuxException {
    int[] numbers = new int[watches.size() + 1];
    numbers[0] = wakeUp.number();
    for (int i = 0; i < watches.size(); i++) {
      Fd pidFd = watches.get(i).pidFd();
      numbers[i + 1] = pidFd.isOpen() ? pidFd.number() : -1;
    }
    short[] ready = ProcessCalls.poll(numbers, ProcessCalls.POLLIN, -1);
    if (ready[0] != 0) {
      try (Arena arena = Arena.ofConfined()) {
        FileCalls.read(wakeUp, arena.allocate(ValueLayout.JAVA_LONG));
      }
    }
    for (int i = watches.size() - 1; i >= 0; i--) {
      if (ready[i + 1] != 0 && endedOrBroken(watches.get(i))) {
        watches.remove(i);
      }
    }
  }

  private boolean endedOrBroken(Watch watch) {
    try {
      Optional<Ended> ended = ended(watch.pidFd());
      ended.ifPresent(e -> completions.execute(() -> watch.future().complete(e)));
      return ended.isPresent();
    } catch (IOException e) {
      fail(watch, e);
      return true;
    }
  }

  private static Optional<Ended> ended(Fd pidFd) throws IOException {
    try {
      return ProcessCalls.reap(pidFd);
    } catch (LinuxException e) {
      if (e.is(Errno.ECHILD)) {
        return ForeignExit.of(pidFd);
      }
      throw e;
    }
  }

  private void fail(Watch watch, IOException cause) {
    completions.execute(() -> watch.future().completeExceptionally(cause));
  }

  /** Stops waiting; futures that are not done yet fail. */
  @Override
  public void close() {
    closed = true;
    try {
      wake();
      thread.join();
    } catch (LinuxException e) {
      throw new IllegalStateException("waking the reaper", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    wakeUp.close();
  }
}
