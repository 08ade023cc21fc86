package io.slipway.runtime.network;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread's trip into another network namespace, to open sockets that stay there.
 *
 * <p>While it is away it must not start or wake any thread. A new thread begins in the namespace of
 * the one that started it, and waking a virtual thread may start a carrier: from then on sockets of
 * the whole program would now and then be opened inside a container. So what was opened is handed
 * over only at home, and if the way back fails, never.
 */
final class NamespaceVisit {
  static final Path OWN = Path.of("/proc/thread-self/ns/net");

  private static final int LIMIT_SECONDS = 10;

  private NamespaceVisit() {}

  /** What is done there: opens something, starts and wakes no thread. */
  @FunctionalInterface
  interface Work<T extends AutoCloseable> {
    T open() throws IOException;
  }

  /** How the thread gets there. */
  @FunctionalInterface
  private interface Departure {
    void leave() throws IOException;
  }

  /** Opens something inside an existing namespace; some 0.1 ms. */
  static <T extends AutoCloseable> T to(Fd namespace, Work<T> work) throws IOException {
    return run(
        () -> ProcessCalls.setNamespace(namespace, ProcessCalls.CLONE_NEWNET),
        work,
        "visit network namespace");
  }

  /** Opens something inside a namespace made for it, about a millisecond. */
  static <T extends AutoCloseable> T toNew(Work<T> work) throws IOException {
    return run(
        () -> ProcessCalls.unshare(ProcessCalls.CLONE_NEWNET), work, "make network namespace");
  }

  private static <T extends AutoCloseable> T run(Departure departure, Work<T> work, String what)
      throws IOException {
    FutureTask<T> task = new FutureTask<>(() -> goAndComeHome(departure, work));
    Thread.ofPlatform().daemon().name("slipway-netns").start(task);
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(what + ": " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      closeLater(task);
      throw new IOException(what + ": no answer within ten seconds", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeLater(task);
      throw new IOException("interrupted: " + what, e);
    }
  }

  private static void closeLater(FutureTask<? extends AutoCloseable> task) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            task.get().close();
          } catch (Exception e) {
            // It was not made, or does not close: nobody waits for it any more.
            return;
          }
        });
  }

  private static <T> T goAndComeHome(Departure departure, Work<? extends T> work)
      throws IOException {
    try (Fd home = FileCalls.open(OWN, OpenFlags.O_RDONLY, 0)) {
      departure.leave();
      try {
        return work.open();
      } finally {
        goTo(home);
      }
    }
  }

  private static void goTo(Fd home) {
    try {
      ProcessCalls.setNamespace(home, ProcessCalls.CLONE_NEWNET);
    } catch (IOException e) {
      while (true) {
        LockSupport.park(e);
      }
    }
  }
}
