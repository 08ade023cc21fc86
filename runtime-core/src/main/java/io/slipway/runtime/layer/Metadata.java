package io.slipway.runtime.layer;

import io.slipway.image.tar.TarTime;
import io.slipway.runtime.linux.FileStatus;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a file has besides its content and type.
 *
 * @param permissions permission, set-id and sticky bits (07777)
 * @param xattrs extended attributes by full name; those of overlayfs itself are never among them
 */
public record Metadata(
    int permissions, int uid, int gid, TarTime modified, Map<String, byte[]> xattrs) {

  public Metadata {
    if ((permissions & ~07777) != 0) {
      throw new IllegalArgumentException(
          "not permission bits: 0" + Integer.toOctalString(permissions));
    }
    xattrs = xattrs.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(xattrs));
  }

  /** Without extended attributes. */
  public static Metadata of(FileStatus status) {
    return of(status, Map.of());
  }

  public static Metadata of(FileStatus status, Map<String, byte[]> xattrs) {
    TarTime modified = new TarTime(status.mtimeSeconds(), status.mtimeNanos());
    return new Metadata(status.permissions(), status.uid(), status.gid(), modified, xattrs);
  }

  public Metadata withOwner(int newUid, int newGid) {
    return new Metadata(permissions, newUid, newGid, modified, xattrs);
  }

  public Metadata withPermissions(int newPermissions) {
    return new Metadata(newPermissions, uid, gid, modified, xattrs);
  }

  public Metadata withModified(TarTime newModified) {
    return new Metadata(permissions, uid, gid, newModified, xattrs);
  }
}
