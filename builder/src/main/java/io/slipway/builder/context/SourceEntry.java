package io.slipway.builder.context;

import io.slipway.runtime.layer.Dir;
import io.slipway.runtime.layer.Metadata;
import io.slipway.runtime.linux.FileStatus;
import io.slipway.runtime.linux.LinuxException;

/**
 * One visible thing below a directory that is walked.
 *
 * @param path from the directory that is walked, without a leading slash
 * @param parent the directory that holds it; open during the call only
 * @param name its name there
 * @param status what it is, owner as on disk; links are not followed
 * @param ownedByRoot whether it counts as root's
 */
public record SourceEntry(
    String path, Dir parent, String name, FileStatus status, boolean ownedByRoot) {

  /** The owner it counts as having. */
  public int uid() {
    return ownedByRoot ? 0 : status.uid();
  }

  /** The group it counts as having. */
  public int gid() {
    return ownedByRoot ? 0 : status.gid();
  }

  /** Everything a copy takes besides the content; reads the extended attributes. */
  public Metadata metadata() throws LinuxException {
    return counted(Metadata.of(status, parent.xattrs(name)));
  }

  /** What was read of it, with the owner it counts as having. */
  public Metadata counted(Metadata original) {
    return original.withOwner(uid(), gid());
  }
}
