package io.slipway.image.error;

import java.util.Objects;

/** A registry answered with an error; carries its HTTP status and the OCI code it named. */
public final class RegistryException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /**
   * @param status HTTP status of the answer
   * @param code OCI error code such as {@code MANIFEST_UNKNOWN}, or empty when the body named none
   */
  public RegistryException(ErrorKind kind, int status, String code, String message) {
    super(kind, message);
    this.status = status;
    this.code = Objects.requireNonNull(code, "code");
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }
}
