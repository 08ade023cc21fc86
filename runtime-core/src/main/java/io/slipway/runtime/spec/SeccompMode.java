package io.slipway.runtime.spec;

import java.util.Objects;

/** Which system calls are filtered. */
public sealed interface SeccompMode {

  /** No filter. */
  record Unconfined() implements SeccompMode {}

  /** Docker's default profile, computed for the container's capabilities. */
  record DefaultProfile() implements SeccompMode {}

  /** A profile in Docker's JSON form. */
  record Profile(String json) implements SeccompMode {
    public Profile {
      Objects.requireNonNull(json, "json");
    }
  }
}
