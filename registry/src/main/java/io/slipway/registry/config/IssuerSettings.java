package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Somebody else whose tokens are believed: a token service, or the OIDC provider of a CI. */
public record IssuerSettings(
    @Setting("the `iss` claim of its tokens; must be given") String issuer,
    @Setting("accepted `aud` claims; none: that of the own token service") List<String> audience,
    @Setting("file of its JSON Web Key set") Optional<Path> jwks,
    @Setting("URL of its JSON Web Key set, read again every 10 minutes") Optional<URI> jwksUrl,
    @Setting("file of its certificates in PEM; tokens name one of them, or bring a chain to one")
        Optional<Path> certificates,
    @Setting(
            "what is put before the `sub` claim to make the user's name, so that it cannot be taken"
                + " for a local one")
        Optional<String> userPrefix,
    @Setting("claim that lists the groups of the user") Optional<String> groupsClaim) {

  public IssuerSettings {
    Objects.requireNonNull(issuer, "issuer");
    audience = List.copyOf(audience);
    Objects.requireNonNull(userPrefix, "userPrefix");
    Objects.requireNonNull(groupsClaim, "groupsClaim");
    if (Stream.of(jwks, jwksUrl, certificates).filter(Optional::isPresent).count() != 1) {
      throw SlipwayException.invalid(
          "issuer %s: give one of jwks, jwks-url and certificates".formatted(issuer));
    }
  }
}
