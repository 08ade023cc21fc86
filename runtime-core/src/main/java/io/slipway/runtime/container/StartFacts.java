package io.slipway.runtime.container;

import io.slipway.runtime.linux.Privileges;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the parent found out and opened before it compiles the program of a container. Descriptors
 * appear as the names of their handles only, so that the compilation is pure.
 *
 * @param identity the resolved user
 * @param env the complete environment
 * @param cgroups how the process gets into its cgroups
 * @param mounts one entry for each mount of the specification, in its order
 * @param targets where each mount goes, without the links of the image where it does not exist yet
 * @param masks masked paths in order, and what is there
 * @param devices handles of the host's device files by their paths in the container, for a daemon
 *     that can make none
 * @param privileges the daemon's own
 * @param ownCapabilities mask of what the daemon itself may grant
 * @param lastCapability highest capability number this kernel knows
 * @param filter compiled seccomp filter
 * @param terminal number of the slave in {@code /dev/pts}, if the process has a terminal
 * @param emptyDirectory host directory on which the new root is attached for a moment
 */
record StartFacts(
    Identity identity,
    List<String> env,
    CgroupEntry cgroups,
    List<MountFacts> mounts,
    List<String> targets,
    Map<String, MaskKind> masks,
    Map<String, String> devices,
    Privileges privileges,
    long ownCapabilities,
    int lastCapability,
    Optional<Filter> filter,
    OptionalInt terminal,
    String emptyDirectory) {

  /** Names of handles that are always there under the same name. */
  static final String ROOT = "root";

  static final String DEVPTS = "devpts";
  static final String USER_NAMESPACE = "user namespace";
  static final String STDIN = "stdin";
  static final String STDOUT = "stdout";
  static final String STDERR = "stderr";
  static final String CONTAINER = "container";

  /** What is at a masked path. */
  enum MaskKind {
    FILE,
    DIRECTORY,
    ABSENT,
    /** Below the image's own directories, which the parent does not look into. */
    UNKNOWN
  }

  StartFacts {
    env = List.copyOf(env);
    mounts = List.copyOf(mounts);
    targets = List.copyOf(targets);
    masks = Collections.unmodifiableMap(new LinkedHashMap<>(masks));
    devices = Map.copyOf(devices);
  }

  /**
   * A seccomp filter.
   *
   * @param instructions {@code struct sock_filter} array
   */
  record Filter(byte[] instructions, int flags) {}

  /**
   * Ways into the cgroups.
   *
   * @param processFiles handles of v1 {@code cgroup.procs} files
   * @param directory handle of the v2 directory
   */
  record CgroupEntry(List<String> processFiles, Optional<String> directory) {
    static final CgroupEntry NONE = new CgroupEntry(List.of(), Optional.empty());

    CgroupEntry {
      processFiles = List.copyOf(processFiles);
    }
  }

  /** What is known about one mount. */
  sealed interface MountFacts {
    /** Made by the child itself from the specification. */
    record MadeByChild() implements MountFacts {}

    /**
     * A prepared detached mount.
     *
     * @param file whether it shows a single file, so that its target must be one too
     */
    record Prepared(String handle, boolean file) implements MountFacts {}

    /** Several prepared mounts on a fresh tmpfs, by directory name: cgroup v1. */
    record Collection(List<Part> parts) implements MountFacts {
      public Collection {
        parts = List.copyOf(parts);
      }
    }

    /** One member of a collection. */
    record Part(String name, String handle) {}
  }
}
