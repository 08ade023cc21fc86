package io.slipway.runtime.snapshot;

/**
 * What a snapshot itself (without its parents) takes on disk.
 *
 * @param bytes sum of the sizes of regular files, a file with several names counted once
 * @param entries number of directory entries below the root
 */
public record Usage(long bytes, long entries) {
  public static final Usage NONE = new Usage(0, 0);

  public Usage {
    if (bytes < 0 || entries < 0) {
      throw new IllegalArgumentException("negative usage: " + bytes + " bytes, " + entries);
    }
  }
}
