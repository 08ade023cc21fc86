package io.slipway.runtime.layer;

import io.slipway.runtime.spec.IdMappings;
import java.util.Objects;
import java.util.Optional;

/**
 * How an archive is applied.
 *
 * @param owner owner of everything that is made, instead of the archive's
 * @param maxEntries more entries are {@code INVALID}
 * @param maxBytes more bytes of files, uncompressed, are {@code INVALID}
 * @param users who the archive's owners are where it is applied, if not themselves
 * @param keepsKinds refuse to replace a directory by something else, or something else by one
 */
public record ApplyOptions(
    Whiteouts whiteouts,
    Optional<Owner> owner,
    Optional<IdMappings> users,
    long maxEntries,
    long maxBytes,
    boolean keepsKinds) {
  /** A layer: whiteouts in overlay format, the archive's owners, limits far beyond real images. */
  public static final ApplyOptions LAYER =
      new ApplyOptions(
          Whiteouts.OVERLAY, Optional.empty(), Optional.empty(), 20_000_000, 4L << 40, false);

  /** An ordinary archive, put into a mounted tree. */
  public static final ApplyOptions ARCHIVE =
      new ApplyOptions(
          Whiteouts.LITERAL,
          Optional.empty(),
          Optional.empty(),
          LAYER.maxEntries,
          LAYER.maxBytes,
          false);

  /** A user and a group by number. */
  public record Owner(int uid, int gid) {}

  public ApplyOptions {
    Objects.requireNonNull(whiteouts, "whiteouts");
    Objects.requireNonNull(owner, "owner");
    Objects.requireNonNull(users, "users");
  }

  public ApplyOptions withOwner(int uid, int gid) {
    return new ApplyOptions(
        whiteouts, Optional.of(new Owner(uid, gid)), users, maxEntries, maxBytes, keepsKinds);
  }

  public ApplyOptions withUsers(Optional<IdMappings> mappings) {
    return new ApplyOptions(whiteouts, owner, mappings, maxEntries, maxBytes, keepsKinds);
  }

  public ApplyOptions withLimits(long entries, long bytes) {
    return new ApplyOptions(whiteouts, owner, users, entries, bytes, keepsKinds);
  }

  public ApplyOptions withKindsKept() {
    return new ApplyOptions(whiteouts, owner, users, maxEntries, maxBytes, true);
  }
}
