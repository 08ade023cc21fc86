package io.slipway.builder.context;

import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.ApplyOptions;
import io.slipway.runtime.layer.ArchiveTooLargeException;

/**
 * What an archive that a build unpacks may hold: one that ADD unpacks, or a context that was sent.
 * A small file can be made to unpack to any size, and the disk is everybody's.
 *
 * @param entries more are refused
 * @param bytes more of files, uncompressed, are refused
 */
public record ArchiveLimits(long entries, long bytes) {
  public static final ArchiveLimits DEFAULTS = new ArchiveLimits(5_000_000, 64L << 30);

  public ArchiveLimits {
    if (entries <= 0 || bytes <= 0) {
      throw SlipwayException.invalid(
          "archives of no size: " + entries + " entries, " + bytes + " bytes");
    }
  }

  /** The same with another number of bytes. */
  public ArchiveLimits withBytes(long value) {
    return new ArchiveLimits(entries, value);
  }

  /** What went wrong with an archive, and who can allow it if it was too large. */
  public static String explained(SlipwayException failure) {
    return failure instanceof ArchiveTooLargeException
        ? failure.getMessage() + " (the daemon's --build-archive-limit)"
        : failure.getMessage();
  }

  /** An archive is unpacked so and within these limits. */
  public ApplyOptions in(ApplyOptions options) {
    return options.withLimits(entries, bytes);
  }
}
