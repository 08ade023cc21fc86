package io.slipway.registry.auth.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Certificates whose keys sign tokens, as a token issuer of the distribution kind is configured:
 * either a token names one of them, or it brings a chain that one of them signed.
 */
record CertificateBundle(List<X509Certificate> certificates, Clock clock) {
  private static final int MAX_CHAIN = 8;
  private static final int LIBTRUST_BYTES = 30;
  private static final int LIBTRUST_GROUP = 4;

  CertificateBundle {
    certificates = List.copyOf(certificates);
  }

  static CertificateBundle none(Clock clock) {
    return new CertificateBundle(List.of(), clock);
  }

  /** {@code source} is named in errors. */
  static CertificateBundle read(byte[] pem, String source, Clock clock) {
    try {
      List<X509Certificate> found = new ArrayList<>();
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem))) {
        found.add((X509Certificate) one);
      }
      if (found.isEmpty()) {
        throw SlipwayException.invalid(source + " holds no certificate");
      }
      return new CertificateBundle(found, clock);
    } catch (GeneralSecurityException e) {
      throw new SlipwayException(ErrorKind.INVALID, source + " holds no certificates in PEM", e);
    }
  }

  /** The keys of the certificates, by thumbprint and by the name that libtrust gives them. */
  List<TrustedKey> keys() {
    List<TrustedKey> keys = new ArrayList<>();
    for (X509Certificate certificate : certificates) {
      trusted(certificate.getPublicKey()).ifPresent(keys::add);
    }
    return keys;
  }

  private static Optional<TrustedKey> trusted(PublicKey key) {
    return JwkWriter.write(key)
        .map(jwk -> {
          String wrapped = "{\"keys\":[" + jwk + "]}";
          TrustedKey read = JwkReader.set(wrapped.getBytes(), "certificate").getFirst();
          Set<String> ids = new LinkedHashSet<>(read.ids());
          ids.add(libtrustId(key));
          return new TrustedKey(ids, read.key(), read.family(), null);
        });
  }

  /** Base32 of the first 240 bits of the key's hash, in groups of four with colons between. */
  static String libtrustId(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      String text = Base32.encode(Arrays.copyOf(hash, LIBTRUST_BYTES));
      return Arrays.stream(text.split("(?<=\\G.{" + LIBTRUST_GROUP + "})"))
          .collect(Collectors.joining(":"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The key of the first certificate of a header's {@code x5c}, if the chain leads to one here. */
  Optional<TrustedKey> chained(JsonNode x5c) throws TokenRefused {
    if (certificates.isEmpty() || !x5c.isArray() || x5c.isEmpty() || x5c.size() > MAX_CHAIN) {
      return Optional.empty();
    }
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> chain = new ArrayList<>();
      for (JsonNode one : x5c) {
        byte[] der = Base64.getDecoder().decode(one.asText());
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      }
      X509Certificate leaf = chain.getFirst();
      if (!certificates.contains(leaf)) {
        chain.removeIf(certificates::contains);
        PKIXParameters parameters =
            new PKIXParameters(
                certificates.stream()
                    .map(c -> new TrustAnchor(c, null))
                    .collect(Collectors.toSet()));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(clock.instant()));
        CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(chain), parameters);
      } else {
        leaf.checkValidity(Date.from(clock.instant()));
      }
      return trusted(leaf.getPublicKey());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new TokenRefused("the token's certificate is not trusted");
    }
  }
}
