package io.slipway.engine.volume;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.linux.MountFlags;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a local volume with options is when it is in use: a file system mounted at its directory, as
 * {@code mount -t TYPE -o O DEVICE} would do it.
 */
record LocalMount(String type, String device, long flags, String data) {
  private static final Set<String> KNOWN = Set.of("type", "o", "device");
  private static final long MS_SYNCHRONOUS = 0x10;
  private static final long MS_NOATIME = 0x400;
  private static final long MS_NODIRATIME = 0x800;
  private static final long MS_RELATIME = 0x200000;

  /** Options that are flags of the mount; the others are the file system's own words. */
  private static final Map<String, Long> FLAGS =
      Map.ofEntries(
          Map.entry("ro", MountFlags.MS_RDONLY),
          Map.entry("rw", 0L),
          Map.entry("defaults", 0L),
          Map.entry("nosuid", MountFlags.MS_NOSUID),
          Map.entry("nodev", MountFlags.MS_NODEV),
          Map.entry("noexec", MountFlags.MS_NOEXEC),
          Map.entry("suid", 0L),
          Map.entry("dev", 0L),
          Map.entry("exec", 0L),
          Map.entry("sync", MS_SYNCHRONOUS),
          Map.entry("noatime", MS_NOATIME),
          Map.entry("nodiratime", MS_NODIRATIME),
          Map.entry("relatime", MS_RELATIME),
          Map.entry("strictatime", MountFlags.MS_STRICTATIME),
          Map.entry("bind", MountFlags.MS_BIND),
          Map.entry("rbind", MountFlags.MS_BIND | MountFlags.MS_REC),
          Map.entry("private", MountFlags.MS_PRIVATE),
          Map.entry("shared", MountFlags.MS_SHARED),
          Map.entry("slave", MountFlags.MS_SLAVE));

  /** Checks the options of a new volume. */
  static void check(String volume, Map<String, String> options) {
    for (String key : options.keySet()) {
      if (key.equals("size")) {
        throw SlipwayException.invalid(
            "create " + volume + ": quota size requested but no quota support");
      }
      if (!KNOWN.contains(key)) {
        throw SlipwayException.invalid("create " + volume + ": invalid option: \"" + key + "\"");
      }
    }
    if (options.isEmpty()) {
      return;
    }
    for (String needed : List.of("device", "type")) {
      boolean bind = needed.equals("type") && isBind(options);
      if (options.getOrDefault(needed, "").isEmpty() && !bind) {
        throw SlipwayException.invalid(
            "create " + volume + ": missing required option: \"" + needed + "\"");
      }
    }
  }

  private static boolean isBind(Map<String, String> options) {
    return List.of(options.getOrDefault("o", "").split(",")).stream()
        .anyMatch(word -> word.equals("bind") || word.equals("rbind"));
  }

  /** The mount of a volume; empty for an ordinary one, which is just its directory. */
  static Optional<LocalMount> of(Map<String, String> options) {
    if (options.isEmpty()) {
      return Optional.empty();
    }
    long flags = 0;
    List<String> data = new ArrayList<>();
    String words = options.getOrDefault("o", "");
    for (String word : words.isEmpty() ? new String[0] : words.split(",")) {
      Long flag = FLAGS.get(word);
      if (flag != null) {
        flags |= flag;
      } else {
        data.add(withAddress(word, options.getOrDefault("type", "")));
      }
    }
    return Optional.of(
        new LocalMount(
            options.getOrDefault("type", ""),
            options.getOrDefault("device", ""),
            flags,
            String.join(",", data)));
  }

  /** The kernel's network file systems want a number where people write a name. */
  private static String withAddress(String word, String type) {
    boolean named = word.startsWith("addr=") && (type.startsWith("nfs") || type.equals("cifs"));
    if (!named) {
      return word;
    }
    String host = word.substring("addr=".length());
    try {
      return "addr=" + InetAddress.getByName(host).getHostAddress();
    } catch (UnknownHostException e) {
      throw SlipwayException.invalid("error resolving passed in network volume address: " + host);
    }
  }
}
