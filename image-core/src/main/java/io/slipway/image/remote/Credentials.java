package io.slipway.image.remote;

import java.util.Objects;

/** Who we are to a registry. {@code toString} never shows secrets. */
public sealed interface Credentials {

  /** Nobody. */
  record Anonymous() implements Credentials {}

  /** User and password. */
  record Basic(String user, String password) implements Credentials {
    public Basic {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(password, "password");
    }

    @Override
    public String toString() {
      return "Basic[user=" + user + "]";
    }
  }

  /** A refresh token of a token server, which docker calls identity token. */
  record IdentityToken(String token) implements Credentials {
    public IdentityToken {
      Objects.requireNonNull(token, "token");
    }

    @Override
    public String toString() {
      return "IdentityToken[]";
    }
  }

  /** A bearer token to be sent as it is. */
  record RegistryToken(String token) implements Credentials {
    public RegistryToken {
      Objects.requireNonNull(token, "token");
    }

    @Override
    public String toString() {
      return "RegistryToken[]";
    }
  }
}
