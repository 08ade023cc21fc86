package io.slipway.engine.model;

/** The value of Go's set-like maps: {@code {"80/tcp": {}}}. */
public record Empty() {
  public static final Empty VALUE = new Empty();
}
