package io.slipway.runtime.network;

/** Where a container's network comes from; another container's is joined by its namespace path. */
public enum NetworkMode {
  /** The machine's own interfaces. */
  HOST,
  /** A namespace with nothing but its loopback interface. */
  NONE,
  /** An interface on the default bridge. */
  BRIDGE
}
