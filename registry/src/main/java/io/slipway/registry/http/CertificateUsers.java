package io.slipway.registry.http;

import io.vertx.core.http.HttpServerRequest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The user that the common name of a client's certificate names. TLS has verified the chain. */
final class CertificateUsers {
  private CertificateUsers() {}

  static Optional<String> of(HttpServerRequest request) {
    try {
      List<Certificate> chain = request.connection().peerCertificates();
      return chain.getFirst() instanceof X509Certificate leaf
          ? commonName(leaf.getSubjectX500Principal().getName())
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      // it brought none
      return Optional.empty();
    }
  }

  /** {@code name} as RFC 2253 writes it. */
  static Optional<String> commonName(String name) {
    try {
      for (Rdn part : new LdapName(name).getRdns().reversed()) {
        if (part.getType().equalsIgnoreCase("CN") && part.getValue() instanceof String text) {
          return Optional.of(text).filter(t -> !t.isBlank());
        }
      }
      return Optional.empty();
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }
}
