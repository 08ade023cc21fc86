package io.slipway.registry.config;

/** How clients are told to prove who they are. */
public enum AuthScheme {
  /** Everybody may do everything. */
  NONE,
  /** User and password, or an API key, with each request. */
  BASIC,
  /** A short-lived token of the registry's own token service, got with user and password. */
  TOKEN
}
