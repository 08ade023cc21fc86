package io.slipway.registry.auth;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a client asks of the token service.
 *
 * @param service as the challenge named it; empty when the client did not say
 * @param offline whether a refresh token is wanted, too
 */
public record TokenRequest(Proof proof, String service, List<String> scopes, boolean offline) {
  public TokenRequest {
    Objects.requireNonNull(proof, "proof");
    Objects.requireNonNull(service, "service");
    scopes = List.copyOf(scopes);
  }

  /** How the client says who it is. */
  public sealed interface Proof {

    /** By its header, perhaps empty, or else its certificate. */
    record Header(String authorization, Optional<String> certificate) implements Proof {}

    /** By user and password of a form. */
    record Password(String user, String password) implements Proof {
      /** Not the password. */
      @Override
      public String toString() {
        return "password of " + user;
      }
    }

    /** By an earlier refresh token. */
    record Refresh(String token) implements Proof {
      @Override
      public String toString() {
        return "refresh token";
      }
    }
  }
}
