package io.slipway.runtime.spec;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Which namespaces a container has for itself. The mount namespace is always its own.
 *
 * @param network a prepared one is joined by the path of its descriptor or of {@code
 *     /proc/PID/ns/net}
 */
public record Namespaces(Mode pid, Mode network, Mode ipc, Mode uts, Mode cgroup) {
  /** Docker's default: everything private. */
  public static final Namespaces PRIVATE =
      new Namespaces(new Private(), new Private(), new Private(), new Private(), new Private());

  /** Where one of the namespaces comes from. */
  public sealed interface Mode {}

  /** A new one; a new network namespace has only its loopback interface, which is up. */
  public record Private() implements Mode {}

  /** The daemon's own. */
  public record Host() implements Mode {}

  /** An existing one, named by a path that is opened when the container starts. */
  public record Join(Path path) implements Mode {
    public Join {
      Objects.requireNonNull(path, "path");
    }
  }

  public Namespaces {
    Objects.requireNonNull(pid, "pid");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(ipc, "ipc");
    Objects.requireNonNull(uts, "uts");
    Objects.requireNonNull(cgroup, "cgroup");
  }

  public Namespaces withNetwork(Mode mode) {
    return new Namespaces(pid, mode, ipc, uts, cgroup);
  }

  public Namespaces withPid(Mode mode) {
    return new Namespaces(mode, network, ipc, uts, cgroup);
  }

  public Namespaces withIpc(Mode mode) {
    return new Namespaces(pid, network, mode, uts, cgroup);
  }

  public Namespaces withUts(Mode mode) {
    return new Namespaces(pid, network, ipc, mode, cgroup);
  }

  public Namespaces withCgroup(Mode mode) {
    return new Namespaces(pid, network, ipc, uts, mode);
  }
}
