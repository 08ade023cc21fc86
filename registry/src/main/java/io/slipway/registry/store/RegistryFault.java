package io.slipway.registry.store;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** A request that is refused with one of the protocol's error codes. */
public final class RegistryFault extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int status;
  private final String detail;
  private final Duration retryAfter;

  private RegistryFault(
      ErrorKind kind,
      ErrorCode code,
      int status,
      String message,
      String detail,
      Duration retryAfter,
      Throwable cause) {
    super(kind, message, cause);
    this.code = Objects.requireNonNull(code, "code");
    this.status = status;
    this.detail = Objects.requireNonNull(detail, "detail");
    this.retryAfter = retryAfter;
  }

  public static RegistryFault of(ErrorCode code, String message) {
    return new RegistryFault(code.kind(), code, code.status(), message, "", null, null);
  }

  /** {@code detail} names the one thing the client has to act on, for example a missing digest. */
  public static RegistryFault of(ErrorCode code, String message, String detail) {
    return new RegistryFault(code.kind(), code, code.status(), message, detail, null, null);
  }

  /** A code answered with another status than its usual one. */
  public static RegistryFault withStatus(ErrorCode code, int status, String message) {
    return new RegistryFault(code.kind(), code, status, message, "", null, null);
  }

  /** The disk (or a quota) is full: 507, and the client may try again later. */
  public static RegistryFault noSpace(String message, Throwable cause) {
    return new RegistryFault(
        ErrorKind.NO_SPACE, ErrorCode.UNAVAILABLE, 507, message, "", null, cause);
  }

  /** 429: the client is to come back later. */
  public static RegistryFault tooManyRequests(String message, Duration retryAfter) {
    ErrorCode code = ErrorCode.TOOMANYREQUESTS;
    return new RegistryFault(code.kind(), code, code.status(), message, "", retryAfter, null);
  }

  /** After how long the client may try again, if that is known. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  public ErrorCode code() {
    return code;
  }

  /** The HTTP status to answer with. */
  public int status() {
    return status;
  }

  /** Empty text when there is none. */
  public String detail() {
    return detail;
  }
}
