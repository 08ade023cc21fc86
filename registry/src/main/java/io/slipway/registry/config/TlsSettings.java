package io.slipway.registry.config;

import io.slipway.image.error.SlipwayException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Encryption. TLS 1.2 and 1.3 only. */
public record TlsSettings(
    @Setting(
            "`off`, `auto` (an own CA and a server certificate are made at first start) or `files`;"
                + " without it, `files` if there is a certificate, else `off`")
        Optional<TlsMode> mode,
    @Setting("certificate chain in PEM, read again when it changes") Optional<Path> cert,
    @Setting("private key of the certificate in PEM, PKCS #8") Optional<Path> key,
    @Setting(
            "more host names and addresses for the certificate that `auto` makes; it has those of"
                + " this machine")
        List<String> names,
    @Setting("CA certificates in PEM; clients may then prove with a certificate who they are")
        Optional<Path> clientCa,
    @Setting(value = "whether only clients with a certificate may connect", preset = "false")
        boolean clientCertRequired) {

  /** Where the certificate comes from. */
  public enum TlsMode {
    OFF,
    AUTO,
    FILES
  }

  public TlsSettings {
    Objects.requireNonNull(cert, "cert");
    Objects.requireNonNull(key, "key");
    names = List.copyOf(names);
    Objects.requireNonNull(clientCa, "clientCa");
    if (mode.isEmpty()) {
      mode = Optional.of(cert.isPresent() || key.isPresent() ? TlsMode.FILES : TlsMode.OFF);
    }
    boolean files = mode.get() == TlsMode.FILES;
    if (files != cert.isPresent() || files != key.isPresent()) {
      throw SlipwayException.invalid("cert and key go together, and with mode files");
    }
    if (clientCa.isPresent() && mode.get() == TlsMode.OFF) {
      throw SlipwayException.invalid("client-ca needs TLS: set mode auto, or cert and key");
    }
    if (clientCertRequired && clientCa.isEmpty()) {
      throw SlipwayException.invalid("client-cert-required needs client-ca");
    }
  }

  public boolean isOn() {
    return mode.filter(m -> m != TlsMode.OFF).isPresent();
  }
}
