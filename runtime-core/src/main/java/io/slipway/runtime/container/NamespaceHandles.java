package io.slipway.runtime.container;

import io.slipway.runtime.linux.FileCalls;
import io.slipway.runtime.linux.OpenFlags;
import io.slipway.runtime.spec.Namespaces;
import java.io.IOException;
import java.util.Map;

/** Opens the namespaces that a container joins. */
final class NamespaceHandles {
  private NamespaceHandles() {}

  static void open(Namespaces namespaces, OpenHandles handles) throws IOException {
    Map<String, Namespaces.Mode> modes =
        Map.of(
            "pid", namespaces.pid(),
            "net", namespaces.network(),
            "ipc", namespaces.ipc(),
            "uts", namespaces.uts(),
            "cgroup", namespaces.cgroup());
    for (Map.Entry<String, Namespaces.Mode> mode : modes.entrySet()) {
      if (mode.getValue() instanceof Namespaces.Join join) {
        handles.add(
            ContainerProgram.joinHandle(mode.getKey()),
            FileCalls.open(join.path(), OpenFlags.O_RDONLY, 0));
      }
    }
  }
}
