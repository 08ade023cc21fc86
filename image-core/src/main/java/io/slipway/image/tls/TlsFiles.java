package io.slipway.image.tls;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The files of one end of a connection, as docker's {@code --tlscacert}, {@code --tlscert} and
 * {@code --tlskey} name them.
 *
 * @param authority who alone is trusted to vouch for the other end; empty for the system's list
 * @param certificate what is shown to the other end; empty for nothing
 */
public record TlsFiles(Optional<Path> authority, Optional<Shown> certificate) {
  private static final char[] NO_PASSWORD = {};

  /** A certificate and its private key. */
  public record Shown(Path certificate, Path key) {}

  /**
   * To connect or listen with.
   *
   * @throws SlipwayException INVALID naming the file that cannot be used
   */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(), trust(), new SecureRandom());
      return context;
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "cannot read TLS files: " + FileReason.of(e), e);
    } catch (GeneralSecurityException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "cannot use TLS files " + this + ": " + e.getMessage(), e);
    }
  }

  private KeyManager[] keys() throws IOException, GeneralSecurityException {
    if (certificate.isEmpty()) {
      return null;
    }
    Shown shown = certificate.get();
    Certificate[] chain = PemFiles.certificates(shown.certificate()).toArray(Certificate[]::new);
    KeyStore store = empty();
    store.setKeyEntry(
        "own",
        PemFiles.privateKey(shown.key(), chain[0].getPublicKey().getAlgorithm()),
        NO_PASSWORD,
        chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private TrustManager[] trust() throws IOException, GeneralSecurityException {
    if (authority.isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    int count = 0;
    for (Certificate one : PemFiles.certificates(authority.get())) {
      store.setCertificateEntry("authority" + count++, one);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
