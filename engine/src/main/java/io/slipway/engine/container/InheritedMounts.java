package io.slipway.engine.container;

import io.slipway.engine.model.MountPoint;
import io.slipway.image.error.SlipwayException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** {@code --volumes-from}: other containers' volumes and bind mounts, by target. Pure. */
final class InheritedMounts {
  private static final Set<String> MODES = Set.of("rw", "ro", "z", "Z");

  private InheritedMounts() {}

  /**
   * Reads the option's values; of two for one target the later counts.
   *
   * @param mounts finds a container's mounts, or throws that there is none
   */
  static Map<String, MountPoint> of(
      List<String> volumesFrom, Function<String, List<MountPoint>> mounts) {
    Map<String, MountPoint> all = new LinkedHashMap<>();
    for (String text : volumesFrom) {
      int colon = text.indexOf(':');
      String name = colon < 0 ? text : text.substring(0, colon);
      String mode = colon < 0 ? "" : text.substring(colon + 1);
      if (name.isEmpty()) {
        throw SlipwayException.invalid("invalid volumes-from specification: " + text);
      }
      boolean readOnly = readOnly(mode);
      for (MountPoint point : mountsOf(name, mounts)) {
        if (point.type().equals("volume") || point.type().equals("bind")) {
          all.put(
              point.destination(),
              point.withMode(mode.isEmpty() ? point.mode() : mode, point.rw() && !readOnly));
        }
      }
    }
    return all;
  }

  private static boolean readOnly(String mode) {
    List<String> words = mode.isEmpty() ? List.of() : List.of(mode.split(","));
    for (String word : words) {
      if (!MODES.contains(word)) {
        throw SlipwayException.invalid("invalid mode for volumes-from: " + mode);
      }
    }
    return words.contains("ro");
  }

  /** A missing one is not a missing image: clients answer NOT_FOUND with a pull. */
  private static List<MountPoint> mountsOf(String name, Function<String, List<MountPoint>> mounts) {
    try {
      return mounts.apply(name);
    } catch (SlipwayException e) {
      throw SlipwayException.invalid(e.getMessage());
    }
  }
}
