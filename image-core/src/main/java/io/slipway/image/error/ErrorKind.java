package io.slipway.image.error;

/** What a failure means to the caller, independent of any protocol. */
public enum ErrorKind {
  /** The request itself is wrong: bad syntax, impossible combination, corrupt content. */
  INVALID,
  /** The named thing does not exist. */
  NOT_FOUND,
  /** The named thing is in a state (exists, is in use) that forbids the operation. */
  CONFLICT,
  /** Credentials are missing or wrong. */
  UNAUTHORIZED,
  /** Credentials are known and not sufficient. */
  FORBIDDEN,
  /** A peer or resource cannot be reached now; trying again later may work. */
  UNAVAILABLE,
  /** The operation is understood and not offered. */
  UNSUPPORTED,
  /** A disk or quota is full. */
  NO_SPACE,
  /** The caller, or the failure of a sibling, stopped the operation. */
  CANCELLED,
  /** A fault of Slipway or of the machine. */
  INTERNAL
}
