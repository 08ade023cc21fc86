package io.slipway.runtime.spec;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** A mount in the container. A target that does not exist is made (a file for a file). */
public sealed interface MountSpec {
  /** Absolute path in the container. */
  String target();

  Set<MountOption> options();

  /** How mounts made later on one side show on the other; kept apart from Docker's r-forms. */
  enum Propagation {
    PRIVATE,
    SLAVE,
    SHARED
  }

  /**
   * A file or directory of the host.
   *
   * @param recursive with the mounts below it ({@code rbind}); options then apply to all of them
   * @param ofContainer whether its owners are users of the container: the daemon's own files for
   *     it. Of another's file the users stay the host's, also in a user namespace
   */
  record Bind(
      Path source,
      String target,
      Set<MountOption> options,
      boolean recursive,
      Propagation propagation,
      boolean ofContainer)
      implements MountSpec {
    public Bind {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(propagation, "propagation");
      ContainerPaths.requireAbsolute(target);
      options = Set.copyOf(options);
    }

    public Bind(
        Path source,
        String target,
        Set<MountOption> options,
        boolean recursive,
        Propagation propagation) {
      this(source, target, options, recursive, propagation, false);
    }

    /** The same, with the container's users as its owners. */
    public Bind ownedByContainer() {
      return new Bind(source, target, options, recursive, propagation, true);
    }

    /** Read-write, recursive, private: what {@code -v source:target} means. */
    public static Bind of(Path source, String target) {
      return new Bind(source, target, Set.of(), true, Propagation.PRIVATE);
    }

    public static Bind readOnly(Path source, String target) {
      return new Bind(source, target, Set.of(MountOption.READ_ONLY), true, Propagation.PRIVATE);
    }
  }

  /**
   * Memory.
   *
   * @param data file system options in the kernel's words: {@code mode=1777,size=65536k}
   */
  record Tmpfs(String target, Set<MountOption> options, String data) implements MountSpec {
    public Tmpfs {
      ContainerPaths.requireAbsolute(target);
      Objects.requireNonNull(data, "data");
      options = Set.copyOf(options);
    }
  }

  /** A file system that shows the kernel's own state, seen from the container's namespaces. */
  record KernelView(Kind kind, String target, Set<MountOption> options) implements MountSpec {
    /** Which one; the lower-case name is the kernel's file system type, except for CGROUP. */
    public enum Kind {
      PROC,
      SYSFS,
      DEVPTS,
      MQUEUE,
      /** The container's cgroups, in whichever version the host has. */
      CGROUP;

      public String label() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    public KernelView {
      Objects.requireNonNull(kind, "kind");
      ContainerPaths.requireAbsolute(target);
      options = Set.copyOf(options);
    }
  }
}
