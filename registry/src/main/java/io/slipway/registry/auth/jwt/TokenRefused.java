package io.slipway.registry.auth.jwt;

/** Why a token is not believed, in words for the log; clients are told that it is invalid. */
public final class TokenRefused extends Exception {
  private static final long serialVersionUID = 1L;

  TokenRefused(String reason) {
    super(reason);
  }

  public static TokenRefused because(String reason) {
    return new TokenRefused(reason);
  }
}
