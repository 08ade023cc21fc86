package io.slipway.image.tar;

import java.time.Instant;

/**
 * A modification time as files have it.
 *
 * @param seconds since 1970, may be negative
 * @param nanos 0 to 999,999,999, always counted forward
 */
public record TarTime(long seconds, int nanos) {
  public static final TarTime EPOCH = new TarTime(0, 0);

  public TarTime {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException("nanoseconds out of range: " + nanos);
    }
  }

  public static TarTime of(Instant instant) {
    return new TarTime(instant.getEpochSecond(), instant.getNano());
  }

  public TarTime wholeSeconds() {
    return nanos == 0 ? this : new TarTime(seconds, 0);
  }

  /** This time, or {@code latest} if this is after it. */
  public TarTime notAfter(TarTime latest) {
    boolean after = seconds != latest.seconds ? seconds > latest.seconds : nanos > latest.nanos;
    return after ? latest : this;
  }
}
