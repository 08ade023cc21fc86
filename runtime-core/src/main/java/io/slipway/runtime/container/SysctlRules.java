package io.slipway.runtime.container;

import io.slipway.runtime.spec.ContainerDefaults;
import io.slipway.runtime.spec.ContainerSpec;
import io.slipway.runtime.spec.Namespaces;
import io.slipway.runtime.spec.Namespaces.Host;
import java.util.Map;
import java.util.Set;

/**
 * Which sysctls belong to a container's own namespaces. Any other one would be written for the
 * whole machine, so it is refused, in runc's words.
 */
public final class SysctlRules {
  private static final int REFUSED = 128;
  private static final Set<String> IPC =
      Set.of(
          "kernel.msgmax",
          "kernel.msgmnb",
          "kernel.msgmni",
          "kernel.sem",
          "kernel.shmall",
          "kernel.shmmax",
          "kernel.shmmni",
          "kernel.shm_rmid_forced");

  private SysctlRules() {}

  public static void check(ContainerSpec spec) throws ContainerStartException {
    for (Map.Entry<String, String> sysctl : spec.sysctls().entrySet()) {
      String name = sysctl.getKey().replace('/', '.');
      Namespaces.Mode namespace = namespace(spec.namespaces(), name);
      if (namespace instanceof Host && !isDefault(sysctl)) {
        throw new ContainerStartException(
            REFUSED, "sysctl \"%s\" is not allowed in the host's namespace".formatted(name), null);
      }
    }
  }

  private static Namespaces.Mode namespace(Namespaces namespaces, String name)
      throws ContainerStartException {
    if (name.startsWith("net.")) {
      return namespaces.network();
    }
    if (IPC.contains(name) || name.startsWith("fs.mqueue.")) {
      return namespaces.ipc();
    }
    if (name.equals("kernel.domainname")) {
      return namespaces.uts();
    }
    throw new ContainerStartException(
        REFUSED, "sysctl \"%s\" is not in a separate kernel namespace".formatted(name), null);
  }

  /** Docker's own settings come with every specification and are left out where they do not fit. */
  private static boolean isDefault(Map.Entry<String, String> sysctl) {
    return sysctl.getValue().equals(ContainerDefaults.NETWORK_SYSCTLS.get(sysctl.getKey()));
  }
}
