package io.slipway.image.tar;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One member of an archive.
 *
 * @param name as in the archive, without a trailing slash; bytes that are not UTF-8 as {@link
 *     TarText} has them
 * @param mode permission, set-id and sticky bits only (07777)
 * @param size bytes of body that follow; 0 unless it is a file
 * @param linkName target of a hard or symbolic link, else empty
 * @param xattrs extended attributes by full name ({@code security.capability}), raw values
 */
public record TarEntry(
    String name,
    TarType type,
    int mode,
    long uid,
    long gid,
    long size,
    TarTime modified,
    String linkName,
    int deviceMajor,
    int deviceMinor,
    Map<String, byte[]> xattrs) {
  private static final int MODE_BITS = 07777;

  public TarEntry {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(modified, "modified");
    Objects.requireNonNull(linkName, "linkName");
    if ((mode & ~MODE_BITS) != 0 || uid < 0 || gid < 0 || size < 0) {
      throw new IllegalArgumentException(
          "tar entry " + name + ": mode " + mode + ", owner " + uid + ":" + gid + ", size " + size);
    }
    xattrs = xattrs.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(xattrs));
  }

  /** A regular file of {@code size} bytes owned by root, without attributes. */
  public static TarEntry file(String name, int mode, long size, TarTime modified) {
    return new TarEntry(name, TarType.FILE, mode, 0, 0, size, modified, "", 0, 0, Map.of());
  }

  /** A directory owned by root, without attributes. */
  public static TarEntry directory(String name, int mode, TarTime modified) {
    return new TarEntry(name, TarType.DIRECTORY, mode, 0, 0, 0, modified, "", 0, 0, Map.of());
  }

  /** A symbolic link owned by root. */
  public static TarEntry symlink(String name, String target, TarTime modified) {
    return new TarEntry(name, TarType.SYMLINK, 0777, 0, 0, 0, modified, target, 0, 0, Map.of());
  }

  /** Another name of a file that is already in the archive. */
  public static TarEntry hardLink(String name, String target, TarTime modified) {
    return new TarEntry(name, TarType.HARD_LINK, 0644, 0, 0, 0, modified, target, 0, 0, Map.of());
  }

  public TarEntry withName(String newName) {
    return new TarEntry(
        newName, type, mode, uid, gid, size, modified, linkName, deviceMajor, deviceMinor, xattrs);
  }

  public TarEntry withLinkName(String newLinkName) {
    return new TarEntry(
        name, type, mode, uid, gid, size, modified, newLinkName, deviceMajor, deviceMinor, xattrs);
  }

  public TarEntry withOwner(long newUid, long newGid) {
    return new TarEntry(
        name,
        type,
        mode,
        newUid,
        newGid,
        size,
        modified,
        linkName,
        deviceMajor,
        deviceMinor,
        xattrs);
  }

  public TarEntry withModified(TarTime newModified) {
    return new TarEntry(
        name, type, mode, uid, gid, size, newModified, linkName, deviceMajor, deviceMinor, xattrs);
  }
}
