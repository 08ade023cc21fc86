package io.slipway.runtime.layer;

/** What happened to a path. */
public enum ChangeKind {
  ADDED,
  MODIFIED,
  DELETED
}
