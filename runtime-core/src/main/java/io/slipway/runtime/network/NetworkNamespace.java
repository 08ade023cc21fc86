package io.slipway.runtime.network;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.linux.ProcessCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace for one container: only its loopback interface, which is up. It lives as long
 * as a descriptor, a socket or a process is in it.
 *
 * @param descriptor for joining
 * @param routes works inside it, from any thread; to be closed once it is set up
 */
record NetworkNamespace(Fd descriptor, Rtnetlink routes) implements AutoCloseable {
  private static final Path OWN = Path.of("/proc/thread-self/ns/net");

  /**
   * Makes one, about a millisecond. A thread is started for it that moves into the new namespace,
   * opens what is needed, and ends: nothing else can ever run on it, and no way back can fail.
   */
  static NetworkNamespace create() throws IOException {
    FutureTask<NetworkNamespace> task = new FutureTask<>(NetworkNamespace::createHere);
    Thread.ofPlatform().daemon().name("slipway-netns").start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IOException("make network namespace: " + e.getCause().getMessage(), e.getCause());
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

  private static NetworkNamespace createHere() throws IOException {
    ProcessCalls.unshare(ProcessCalls.CLONE_NEWNET);
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
