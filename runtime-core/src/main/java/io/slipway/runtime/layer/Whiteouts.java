package io.slipway.runtime.layer;

/** What the names {@code .wh.NAME} and {@code .wh..wh..opq} of an archive mean. */
public enum Whiteouts {
  /**
   * A layer on its way into an overlay directory: they become character devices 0:0 and opaque
   * directories.
   */
  OVERLAY,
  /** An archive that is no layer (ADD, copying into a container): they are ordinary names. */
  LITERAL;

  static final String PREFIX = ".wh.";

  /** Beginning of the names aufs kept for itself; all but the next are left out. */
  static final String META_PREFIX = ".wh..wh.";

  /** Hides everything the layers below have in the same directory. */
  static final String OPAQUE = ".wh..wh..opq";
}
