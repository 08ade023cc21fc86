package io.slipway.builder.graph;

/** The network of a RUN step. */
public enum NetworkMode {
  /** The engine's bridge, with addresses translated outwards. */
  DEFAULT,
  /** The host's own network. */
  HOST,
  /** A loopback device only. */
  NONE
}
