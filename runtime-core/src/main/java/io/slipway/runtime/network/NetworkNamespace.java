package io.slipway.runtime.network;

import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A network namespace for one container: only its loopback interface, which is up. It lives as long
 * as a descriptor, a socket or a process is in it.
 *
 * @param descriptor for joining
 * @param routes works inside it, from any thread; to be closed once it is set up
 */
record NetworkNamespace(Fd descriptor, Rtnetlink routes) implements AutoCloseable {

  /** Makes one, about a millisecond. */
  static NetworkNamespace create() throws IOException {
    return NamespaceVisit.toNew(() -> {
      NetworkNamespace made = openHere();
      try {
        made.routes().setLoopbackUp();
        return made;
      } catch (IOException e) {
        made.close();
        throw e;
      }
    });
  }

  /** Takes one that was made elsewhere; owned from here on. */
  static NetworkNamespace of(Fd made) throws IOException {
    try {
      NetworkNamespace namespace =
          new NetworkNamespace(made, NamespaceVisit.to(made, Rtnetlink::open));
      namespace.routes().setLoopbackUp();
      return namespace;
    } catch (IOException e) {
      made.close();
      throw e;
    }
  }

  /** The namespace behind a path such as {@code /proc/PID/ns/net}. */
  static NetworkNamespace of(Path path) throws IOException {
    Fd descriptor = FileCalls.open(path, OpenFlags.O_RDONLY, 0);
    try {
      return new NetworkNamespace(descriptor, NamespaceVisit.to(descriptor, Rtnetlink::open));
    } catch (IOException e) {
      descriptor.close();
      throw e;
    }
  }

  private static NetworkNamespace openHere() throws IOException {
    Fd here = FileCalls.open(NamespaceVisit.OWN, OpenFlags.O_RDONLY, 0);
    try {
      return new NetworkNamespace(here, Rtnetlink.open());
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
