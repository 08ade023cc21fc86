package io.slipway.engine.container;

import io.slipway.engine.container.PlannedMount.HostPath;
import io.slipway.engine.container.PlannedMount.Memory;
import io.slipway.engine.container.PlannedMount.Volume;
import io.slipway.engine.model.Config;
import io.slipway.engine.model.HostConfig;
import io.slipway.engine.model.MountRequest;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.spec.MountOption;
import io.slipway.runtime.spec.MountSpec.Propagation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads {@code -v}, {@code --mount}, {@code --tmpfs} and the image's VOLUMEs. Pure. */
final class MountParser {
  private static final Set<String> IGNORED_MODES =
      Set.of("rw", "ro", "nocopy", "z", "Z", "cached", "delegated", "consistent");

  private static final Map<String, Propagation> PROPAGATION =
      Map.of(
          "private", Propagation.PRIVATE,
          "rprivate", Propagation.PRIVATE,
          "slave", Propagation.SLAVE,
          "rslave", Propagation.SLAVE,
          "shared", Propagation.SHARED,
          "rshared", Propagation.SHARED);

  private MountParser() {}

  /** All mounts by target, parents before what is mounted below them. */
  static List<PlannedMount> plan(Config config, HostConfig host) {
    Map<String, PlannedMount> byTarget = new TreeMap<>();
    for (String bind : host.binds()) {
      put(byTarget, bind(bind));
    }
    for (MountRequest mount : host.mounts()) {
      put(byTarget, mount(mount));
    }
    host.tmpfs().forEach((target, options) -> put(byTarget, tmpfs(target, options)));
    for (String volume : config.volumes().keySet()) {
      String target = target(volume);
      byTarget.putIfAbsent(target, new PlannedMount(target, false, "", new Volume("", true)));
    }
    return List.copyOf(byTarget.values());
  }

  private static void put(Map<String, PlannedMount> byTarget, PlannedMount mount) {
    if (byTarget.put(mount.target(), mount) != null) {
      throw SlipwayException.invalid("Duplicate mount point: " + mount.target());
    }
  }

  private static PlannedMount bind(String text) {
    List<String> parts = List.of(text.split(":", -1));
    if (parts.size() < 2 || parts.size() > 3 || parts.contains("")) {
      throw SlipwayException.invalid("invalid volume specification: '" + text + "'");
    }
    String source = parts.getFirst();
    String target = target(parts.get(1));
    String mode = parts.size() == 3 ? parts.get(2) : "";
    List<String> options = mode.isEmpty() ? List.of() : List.of(mode.split(","));
    for (String option : options) {
      if (!IGNORED_MODES.contains(option) && !PROPAGATION.containsKey(option)) {
        throw SlipwayException.invalid("invalid mode: " + mode);
      }
    }
    Propagation propagation =
        options.stream()
            .filter(PROPAGATION::containsKey)
            .map(PROPAGATION::get)
            .findFirst()
            .orElse(Propagation.PRIVATE);
    boolean path = source.startsWith("/");
    PlannedMount.Source from =
        path
            ? new HostPath(clean(source), true, true, propagation)
            : new Volume(source, !options.contains("nocopy"));
    return new PlannedMount(target, options.contains("ro"), mode, from);
  }

  private static PlannedMount mount(MountRequest mount) {
    String target = mountTarget(mount);
    return switch (mount.type()) {
      case "bind" -> new PlannedMount(target, mount.readOnly(), "", hostPath(mount));
      case "volume" -> new PlannedMount(target, mount.readOnly(), "", volume(mount));
      case "tmpfs" -> new PlannedMount(target, mount.readOnly(), "", memory(mount));
      case "image" -> new PlannedMount(target, true, "", image(mount));
      default ->
          throw SlipwayException.invalid(
              "invalid mount config for type \"" + mount.type() + "\": mount type unknown");
    };
  }

  private static String mountTarget(MountRequest mount) {
    if (mount.target().isEmpty()) {
      throw SlipwayException.invalid(
          "invalid mount config for type \"" + mount.type() + "\": field Target must not be empty");
    }
    return target(mount.target());
  }

  private static HostPath hostPath(MountRequest mount) {
    if (!mount.source().startsWith("/")) {
      throw SlipwayException.invalid(
          "invalid mount config for type \"bind\": invalid mount path: '"
              + mount.source()
              + "' mount path must be absolute");
    }
    MountRequest.BindOptions options = mount.bindOptions();
    if (options == null) {
      return new HostPath(clean(mount.source()), false, true, Propagation.PRIVATE);
    }
    if (options.readOnlyNonRecursive()) {
      throw OptionRules.notBuilt("--mount bind-recursive=writable");
    }
    String word = options.propagation();
    if (!word.isEmpty() && !PROPAGATION.containsKey(word)) {
      throw SlipwayException.invalid("invalid propagation mode: " + word);
    }
    return new HostPath(
        clean(mount.source()),
        options.createMountpoint(),
        !options.nonRecursive(),
        PROPAGATION.getOrDefault(word, Propagation.PRIVATE));
  }

  private static Volume volume(MountRequest mount) {
    MountRequest.VolumeOptions options = mount.volumeOptions();
    if (options == null) {
      return new Volume(mount.source(), true);
    }
    MountRequest.Driver driver = options.driverConfig();
    if (driver != null && !driver.name().isEmpty() && !driver.name().equals("local")) {
      throw SlipwayException.notFound("plugin \"" + driver.name() + "\" not found");
    }
    String subpath = options.subpath();
    if (!subpath.isEmpty() && (subpath.startsWith("/") || !isBelow(subpath))) {
      throw SlipwayException.invalid(
          "invalid mount config for type \"volume\": subpath must be a relative path within the"
              + " volume");
    }
    return new Volume(
        mount.source(),
        !options.noCopy() && subpath.isEmpty(),
        subpath,
        options.labels(),
        driver == null ? Map.of() : driver.options());
  }

  private static PlannedMount.Image image(MountRequest mount) {
    if (mount.source().isEmpty()) {
      throw SlipwayException.invalid(
          "invalid mount config for type \"image\": field Source must not be empty");
    }
    String subpath = mount.imageOptions() == null ? "" : mount.imageOptions().subpath();
    if (!subpath.isEmpty() && (subpath.startsWith("/") || !isBelow(subpath))) {
      throw SlipwayException.invalid(
          "invalid mount config for type \"image\": subpath must be a relative path within the"
              + " image");
    }
    return new PlannedMount.Image(mount.source(), subpath);
  }

  private static boolean isBelow(String path) {
    return !Path.of(path).normalize().startsWith("..");
  }

  private static Memory memory(MountRequest mount) {
    MountRequest.TmpfsOptions options = mount.tmpfsOptions();
    StringBuilder data = new StringBuilder();
    if (options != null && options.sizeBytes() > 0) {
      data.append("size=").append(options.sizeBytes());
    }
    if (options != null && options.mode() != 0) {
      data.append(data.isEmpty() ? "" : ",").append("mode=");
      data.append(Long.toOctalString(options.mode()));
    }
    StringBuilder words = new StringBuilder(data);
    for (List<String> option : options == null ? List.<List<String>>of() : options.options()) {
      words.append(words.isEmpty() ? "" : ",").append(String.join("=", option));
    }
    if (mount.readOnly()) {
      words.append(words.isEmpty() ? "ro" : ",ro");
    }
    return memory(words.toString());
  }

  private static PlannedMount tmpfs(String target, String options) {
    Memory memory = memory(options);
    boolean readOnly = memory.options().contains(MountOption.READ_ONLY);
    return new PlannedMount(target(target), readOnly, options, memory);
  }

  private static Memory memory(String options) {
    Set<MountOption> set = defaultOptions();
    List<String> data = new ArrayList<>();
    for (String option : options.isEmpty() ? new String[0] : options.split(",")) {
      switch (option) {
        case "ro" -> set.add(MountOption.READ_ONLY);
        case "rw" -> set.remove(MountOption.READ_ONLY);
        case "exec" -> set.remove(MountOption.NOEXEC);
        case "noexec" -> set.add(MountOption.NOEXEC);
        case "suid" -> set.remove(MountOption.NOSUID);
        case "nosuid" -> set.add(MountOption.NOSUID);
        case "dev" -> set.remove(MountOption.NODEV);
        case "nodev" -> set.add(MountOption.NODEV);
        default -> {
          if (!option.matches("(size|mode|uid|gid|nr_inodes|nr_blocks)=[0-9a-zA-Z%]+")) {
            throw SlipwayException.invalid("invalid tmpfs option: \"" + option + "\"");
          }
          data.add(option);
        }
      }
    }
    return new Memory(set, String.join(",", data));
  }

  private static Set<MountOption> defaultOptions() {
    return EnumSet.of(MountOption.NOEXEC, MountOption.NOSUID, MountOption.NODEV);
  }

  private static String target(String path) {
    if (!path.startsWith("/")) {
      throw SlipwayException.invalid(
          "invalid mount path: '" + path + "' mount path must be absolute");
    }
    String clean = clean(path);
    if (clean.equals("/")) {
      throw SlipwayException.invalid("invalid specification: destination can't be '/'");
    }
    return clean;
  }

  private static String clean(String path) {
    return Path.of(path).normalize().toString();
  }
}
