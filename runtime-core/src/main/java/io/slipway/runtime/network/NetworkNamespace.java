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
 * A network namespace for one container: only its loopback interface, which is up. It lives as long
 * as a descriptor, a socket or a process is in it.
 *
 * @param descriptor for joining
 * @param routes works inside it, from any thread; to be closed once it is set up
 */
record NetworkNamespace(Fd descriptor, Rtnetlink routes) implements AutoCloseable {
  private static final int LIMIT_SECONDS = 10;
  private static final Path OWN = Path.of("/proc/thread-self/ns/net");

  /**
   * Makes one, about a millisecond, on a thread of its own that moves into the new namespace, opens
   * what is needed and goes home again.
   *
   * <p>While it is away it must not start or wake any thread. A new thread begins in the namespace
   * of the one that started it, and waking a virtual thread may start a carrier: from then on
   * sockets of the whole program would now and then be opened inside a container. So the result is
   * handed over only at home, and if the way back fails, never.
   */
  static NetworkNamespace create() throws IOException {
    FutureTask<NetworkNamespace> task = new FutureTask<>(NetworkNamespace::createAndGoHome);
    Thread.ofPlatform().daemon().name("slipway-netns").start(task);
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("make network namespace: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      closeLater(task);
      throw new IOException("make network namespace: no answer within ten seconds", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeLater(task);
      throw new IOException("interrupted while making a network namespace", e);
    }
  }

  private static void closeLater(FutureTask<NetworkNamespace> task) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            task.get().close();
          } catch (ExecutionException | InterruptedException e) {
            // It was not made, so there is nothing to close.
          }
        });
  }

  private static NetworkNamespace createAndGoHome() throws IOException {
    try (Fd home = FileCalls.open(OWN, OpenFlags.O_RDONLY, 0)) {
      ProcessCalls.unshare(ProcessCalls.CLONE_NEWNET);
      try {
        return openHere();
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

  private static NetworkNamespace openHere() throws IOException {
    Fd here = FileCalls.open(OWN, OpenFlags.O_RDONLY, 0);
    try {
      Rtnetlink routes = Rtnetlink.open();
      try {
        routes.setLoopbackUp();
        return new NetworkNamespace(here, routes);
      } catch (IOException e) {
        routes.close();
        throw e;
      }
    } catch (IOException e) {
      here.close();
      throw e;
    }
  }

  @Override
  public void close() {
    routes.close();
    descriptor.close();
  }
}
