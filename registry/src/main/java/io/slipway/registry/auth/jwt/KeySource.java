package io.slipway.registry.auth.jwt;

/** Where the trusted keys of an issuer come from; they may change while the server runs. */
interface KeySource {

  /** The keys as known now; may block when they are due to be read again. */
  KeySet keys();

  /** The keys after looking again, because a token names one that is not known. */
  default KeySet refreshed() {
    return keys();
  }
}
