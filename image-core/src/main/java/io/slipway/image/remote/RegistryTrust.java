package io.slipway.image.remote;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.tls.PemFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What docker's {@code certs.d} folders say about one registry: {@code HOST[:PORT]/*.crt} are CA
 * certificates to trust beside the system's, {@code X.cert} with {@code X.key} a client certificate
 * to show.
 */
record RegistryTrust(List<State> files, Optional<State> authority) {
  private static final char[] NO_PASSWORD = {};

  /** A file as it was seen. */
  record State(Path file, FileTime modified, long size) {}

  RegistryTrust {
    files = List.copyOf(files);
  }

  /** What is set for a registry now; empty when the system's trust is right. */
  static Optional<RegistryTrust> find(String domain, RegistrySettings settings) {
    List<State> states = new ArrayList<>();
    for (Path folder : settings.certificates()) {
      Path own = folder.resolve(domain);
      if (!Files.isDirectory(own)) {
        continue;
      }
      try (DirectoryStream<Path> files = Files.newDirectoryStream(own, "*.{crt,cert,key}")) {
        for (Path file : files) {
          states.add(state(file));
        }
      } catch (IOException e) {
        throw new SlipwayException(
            ErrorKind.INVALID, "cannot read " + own + ": " + FileReason.of(e), e);
      }
    }
    states.sort(Comparator.comparing(State::file));
    Optional<State> authority =
        Optional.ofNullable(settings.authorities().get(domain)).map(RegistryTrust::authority);
    return states.isEmpty() && authority.isEmpty()
        ? Optional.empty()
        : Optional.of(new RegistryTrust(states, authority));
  }

  private static State state(Path file) throws IOException {
    return new State(file, Files.getLastModifiedTime(file), Files.size(file));
  }

  private static State authority(Path file) {
    try {
      return state(file);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "cannot read certificates " + file + ": " + FileReason.of(e), e);
    }
  }

  /**
   * To connect with.
   *
   * @throws SlipwayException INVALID naming the file that cannot be used
   */
  SSLContext context(String domain) {
    try {
      KeyStore authorities = empty();
      KeyStore ours = empty();
      for (State state : files) {
        if (state.file().toString().endsWith(".crt")) {
          addAuthority(state.file(), authorities);
        }
        addClientCertificate(state.file(), ours);
      }
      if (authority.isPresent()) {
        addAuthority(authority.get().file(), authorities);
      }
      List<X509TrustManager> trusted = new ArrayList<>(List.of(trust(null)));
      if (authorities.size() > 0) {
        trusted.add(trust(authorities));
      }
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(ours, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManager[] shown = ours.size() > 0 ? keys.getKeyManagers() : null;
      context.init(shown, new X509TrustManager[] {new EitherTrust(trusted)}, new SecureRandom());
      return context;
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "cannot read certificates of registry " + domain + ": " + FileReason.of(e),
          e);
    } catch (GeneralSecurityException e) {
      throw new SlipwayException(
          ErrorKind.INVALID,
          "cannot use certificates of registry " + domain + ": " + e.getMessage(),
          e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  /** {@code store} null: the system's. */
  private static X509TrustManager trust(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private static void addAuthority(Path file, KeyStore store)
      throws IOException, GeneralSecurityException {
    int count = 0;
    for (Certificate one : PemFiles.certificates(file)) {
      store.setCertificateEntry(file.toString() + count++, one);
    }
  }

  private static void addClientCertificate(Path file, KeyStore store)
      throws IOException, GeneralSecurityException {
    if (!file.toString().endsWith(".cert")) {
      return;
    }
    Path key = file.resolveSibling(file.getFileName().toString().replaceAll("cert$", "key"));
    if (!Files.exists(key)) {
      // docker's sentence
      throw SlipwayException.invalid(
          "missing key %s for client certificate %s. CA certificates must use the extension .crt"
              .formatted(key.getFileName(), file.getFileName()));
    }
    Certificate[] chain = PemFiles.certificates(file).toArray(Certificate[]::new);
    String algorithm = chain[0].getPublicKey().getAlgorithm();
    store.setKeyEntry(file.toString(), PemFiles.privateKey(key, algorithm), NO_PASSWORD, chain);
  }
}
