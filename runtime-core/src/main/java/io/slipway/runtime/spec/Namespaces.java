package io.slipway.runtime.spec;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Which namespaces a container has for itself. The mount namespace is always its own.
 *
 * @param network a prepared one is joined by the path of its descriptor or of {@code
 *     /proc/PID/ns/net}
 * @param user the users of a user namespace that owns the others; empty for the daemon's own users
 */
public record Namespaces(
    Mode pid, Mode network, Mode ipc, Mode uts, Mode cgroup, Optional<IdMappings> user) {
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
    Objects.requireNonNull(user, "user");
  }

  public Namespaces(Mode pid, Mode network, Mode ipc, Mode uts, Mode cgroup) {
    this(pid, network, ipc, uts, cgroup, Optional.empty());
  }

  public Namespaces withUser(Optional<IdMappings> mappings) {
    return new Namespaces(pid, network, ipc, uts, cgroup, mappings);
  }

  public Namespaces withNetwork(Mode mode) {
    return new Namespaces(pid, mode, ipc, uts, cgroup, user);
  }

  public Namespaces withPid(Mode mode) {
    return new Namespaces(mode, network, ipc, uts, cgroup, user);
  }

  public Namespaces withIpc(Mode mode) {
    return new Namespaces(pid, network, mode, uts, cgroup, user);
  }

  public Namespaces withUts(Mode mode) {
    return new Namespaces(pid, network, ipc, mode, cgroup, user);
  }

  public Namespaces withCgroup(Mode mode) {
    return new Namespaces(pid, network, ipc, uts, mode, user);
  }
}
