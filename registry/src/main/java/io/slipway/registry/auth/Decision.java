package io.slipway.registry.auth;

import java.util.Objects;

/** The answer to an {@link AccessRequest}. */
public sealed interface Decision {

  /** Go on; {@code user} is empty text for an anonymous caller. */
  record Granted(String user) implements Decision {
    public Granted {
      Objects.requireNonNull(user, "user");
    }
  }

  /**
   * 401.
   *
   * @param challenge the WWW-Authenticate header
   * @param failed whether the caller tried to prove something and did not succeed
   */
  record Challenged(String challenge, String message, boolean failed) implements Decision {
    public Challenged {
      Objects.requireNonNull(challenge, "challenge");
      Objects.requireNonNull(message, "message");
    }
  }

  /** 403: the caller is known and may not. */
  record Denied(String user, String message) implements Decision {
    public Denied {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(message, "message");
    }
  }
}
