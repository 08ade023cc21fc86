package io.slipway.image.error;

/**
 * Content that is not what its digest or size promised. The digests are given as text because the
 * digest type lives above this package.
 */
public final class DigestMismatchException extends SlipwayException {
  private static final long serialVersionUID = 1L;

  private final String expected;
  private final String actual;

  /** {@code subject} names what was read, for example {@code layer 2 of docker.io/library/x}. */
  public DigestMismatchException(String subject, String expected, String actual) {
    super(ErrorKind.INVALID, subject + ": expected " + expected + ", got " + actual);
    this.expected = expected;
    this.actual = actual;
  }

  public String expected() {
    return expected;
  }

  public String actual() {
    return actual;
  }
}
