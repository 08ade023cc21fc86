package io.slipway.registry.auth;

/** What was found out about who makes a request. */
sealed interface Identity {

  /** It is this caller, perhaps nobody known. */
  record Proven(Caller caller) implements Identity {}

  /** Credentials came and are wrong. {@code reason} is for the log. */
  record Refused(String message, String reason) implements Identity {}

  /** Memory alone cannot tell. */
  record Unsure() implements Identity {}
}
