package io.slipway.engine.container;

import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec.Propagation;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A mount as the client asked for it, before volumes are made and host paths looked at.
 *
 * @param target absolute, without a trailing slash
 * @param mode the options as the client wrote them, for inspect
 */
record PlannedMount(String target, boolean readOnly, String mode, Source source) {
  PlannedMount {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(source, "source");
  }

  /** Where its content comes from. */
  sealed interface Source {}

  /**
   * A path of the host.
   *
   * @param create make a directory if it is missing ({@code -v}), rather than fail ({@code
   *     --mount})
   */
  record HostPath(String path, boolean create, boolean recursive, Propagation propagation)
      implements Source {}

  /**
   * A volume.
   *
   * @param name empty for an anonymous one
   * @param copy fill it with the image's content when it is empty
   * @param subpath directory or file of the volume, instead of all of it
   * @param labels of a volume that is made for this mount
   * @param options of a volume that is made for this mount
   */
  record Volume(
      String name,
      boolean copy,
      String subpath,
      Map<String, String> labels,
      Map<String, String> options)
      implements Source {
    /** An ordinary one. */
    Volume(String name, boolean copy) {
      this(name, copy, "", Map.of(), Map.of());
    }
  }

  /**
   * An image's files, which cannot be changed.
   *
   * @param subpath directory or file of the image, instead of all of it
   */
  record Image(String name, String subpath) implements Source {}

  /** Memory. */
  record Memory(Set<MountOption> options, String data) implements Source {}
}
