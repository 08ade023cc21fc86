package io.slipway.runtime.layer;

import io.slipway.runtime.linux.Errno;
import io.slipway.runtime.linux.Fd;
import io.slipway.runtime.linux.LinuxException;
import io.slipway.runtime.linux.Privileges;
import io.slipway.runtime.linux.XattrCalls;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Extended attributes that belong to the files. Labels of the host's security modules say what this
 * host thinks of them and mean nothing elsewhere. What overlayfs keeps in {@code trusted.overlay.*}
 * and {@code user.overlay.*} (opaque, redirect, metacopy, origin) describes its own bookkeeping: it
 * is never read as content, and never taken from an image, where it would let a layer point
 * overlayfs at other files.
 */
final class Attributes {
  private static final List<String> OVERLAY = List.of("trusted.overlay.", "user.overlay.");
  private static final Set<String> HOST_LABELS =
      Set.of(
          "security.selinux",
          "security.apparmor",
          "security.SMACK64",
          "security.ima",
          "security.evm");
  private static final String OPAQUE = Privileges.own().overlayAttribute("opaque");
  private static final String TRUSTED = "trusted.";

  private Attributes() {}

  private static boolean isForeign(String name) {
    return HOST_LABELS.contains(name) || OVERLAY.stream().anyMatch(name::startsWith);
  }

  static Map<String, byte[]> read(Fd directory, String name) throws LinuxException {
    String path = path(directory, name);
    List<String> keys = XattrCalls.list(path);
    if (keys.isEmpty()) {
      return Map.of();
    }
    Map<String, byte[]> found = new TreeMap<>();
    for (String key : keys) {
      if (!isForeign(key)) {
        XattrCalls.get(path, key).ifPresent(value -> found.put(key, value));
      }
    }
    return found;
  }

  static void write(Fd directory, String name, Map<String, byte[]> xattrs) throws LinuxException {
    if (xattrs.isEmpty()) {
      return;
    }
    String path = path(directory, name);
    for (Map.Entry<String, byte[]> xattr : xattrs.entrySet()) {
      if (!isForeign(xattr.getKey())) {
        write(path, xattr.getKey(), xattr.getValue());
      }
    }
  }

  private static void write(String path, String key, byte[] value) throws LinuxException {
    try {
      XattrCalls.set(path, key, value);
    } catch (LinuxException e) {
      // As Docker and tar do: a file system without this kind of attribute cannot keep it. Security
      // attributes decide what a program may do, so losing one is never silent.
      boolean kept = !e.is(Errno.EOPNOTSUPP) || key.startsWith("security.");
      if (kept && !isOthers(e, key)) {
        throw e;
      }
    }
  }

  /** Attributes that the machine's root alone can set, and see. */
  private static boolean isOthers(LinuxException failure, String key) {
    return failure.is(Errno.EPERM) && key.startsWith(TRUSTED) && Privileges.own().isRootless();
  }

  static boolean isOpaque(Fd directory, String name) throws LinuxException {
    return XattrCalls.get(path(directory, name), OPAQUE)
        .filter(value -> value.length == 1 && value[0] == 'y')
        .isPresent();
  }

  static void markOpaque(Fd directory, String name) throws LinuxException {
    XattrCalls.set(path(directory, name), OPAQUE, new byte[] {'y'});
  }

  /** The calls take paths; the last name of this one is not followed, the rest is the kernel's. */
  private static String path(Fd directory, String name) {
    return "/proc/self/fd/" + directory.number() + "/" + name;
  }
}
