package io.slipway.image.error;

import java.util.Objects;

/** A failure with a kind and a sentence for people. */
public class SlipwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;

  public SlipwayException(ErrorKind kind, String message) {
    this(kind, message, null);
  }

  /** {@code cause} may be null. */
  public SlipwayException(ErrorKind kind, String message, Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  public static SlipwayException invalid(String message) {
    return new SlipwayException(ErrorKind.INVALID, message);
  }

  public static SlipwayException notFound(String message) {
    return new SlipwayException(ErrorKind.NOT_FOUND, message);
  }

  public final ErrorKind kind() {
    return kind;
  }
}
