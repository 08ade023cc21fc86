package io.slipway.builder;

import io.slipway.builder.exchange.CacheTransfers;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a caller may ask for beside a build itself.
 *
 * @param strict what would pass silently and is hardly meant fails the build
 * @param contextTime seconds since 1970 of the commit that the context is a clean checkout of;
 *     times of the image and of what steps make are not newer, unless SOURCE_DATE_EPOCH says
 *     otherwise
 * @param verify build twice without cache and fail if the layers are not the same
 * @param squash one layer for all that the build adds to its base image
 * @param caches where results come from and go to besides this machine
 */
public record BuildExtras(
    boolean strict,
    OptionalLong contextTime,
    boolean verify,
    boolean squash,
    CacheTransfers caches) {
  public static final BuildExtras NONE = new BuildExtras(false, OptionalLong.empty(), false);

  public BuildExtras(boolean strict, OptionalLong contextTime, boolean verify) {
    this(strict, contextTime, verify, CacheTransfers.NONE);
  }

  public BuildExtras(
      boolean strict, OptionalLong contextTime, boolean verify, CacheTransfers caches) {
    this(strict, contextTime, verify, false, caches);
  }

  public BuildExtras {
    Objects.requireNonNull(contextTime, "contextTime");
    Objects.requireNonNull(caches, "caches");
  }
}
