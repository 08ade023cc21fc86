package io.slipway.image.remote;

import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Optional;

/** A failure that may not happen again: worth another attempt. Carries what to say if it does. */
final class TransientFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final SlipwayException shown;
  private final Duration retryAfter;

  TransientFailure(SlipwayException shown, Optional<Duration> retryAfter) {
    super(shown.getMessage(), shown);
    this.shown = shown;
    this.retryAfter = retryAfter.orElse(null);
  }

  /** The failure for the caller when there is no further attempt. */
  SlipwayException shown() {
    return shown;
  }

  /** How long the server asked to wait. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
