package io.slipway.registry.config;

/** What a request does, as the token specification of the registry names it. */
public enum Action {
  PULL,
  PUSH,
  DELETE
}
