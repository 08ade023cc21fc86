package io.slipway.image.remote;

/** Where credentials come from: a fixed answer, a docker config file, a helper program. */
@FunctionalInterface
public interface CredentialSource {
  /** Nobody, everywhere. */
  CredentialSource ANONYMOUS = domain -> new Credentials.Anonymous();

  /**
   * The credentials for a registry, named as in a reference ({@code docker.io}, {@code
   * localhost:5000}); {@link Credentials.Anonymous} when there are none.
   */
  Credentials find(String domain);

  /** These credentials for whatever registry is asked. */
  static CredentialSource of(Credentials credentials) {
    return domain -> credentials;
  }
}
