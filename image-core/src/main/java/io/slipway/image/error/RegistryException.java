package io.slipway.image.error;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** A registry answered with an error; carries its HTTP status and the OCI code it named. */
public final class RegistryException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final Duration retryAfter;

  /**
   * @param status HTTP status of the answer
   * @param code OCI error code such as {@code MANIFEST_UNKNOWN}, or empty when the body named none
   * @param retryAfter how long the registry asks to be left alone
   */
  public RegistryException(
      ErrorKind kind, int status, String code, String message, Optional<Duration> retryAfter) {
    super(kind, message);
    this.status = status;
    this.code = Objects.requireNonNull(code, "code");
    this.retryAfter = retryAfter.orElse(null);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
