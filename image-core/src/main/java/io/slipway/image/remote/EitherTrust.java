package io.slipway.image.remote;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Trusts a server that any of several trust managers trusts; names are checked by each. */
final class EitherTrust extends X509ExtendedTrustManager {
  private final List<X509ExtendedTrustManager> choices;

  EitherTrust(List<X509TrustManager> choices) {
    this.choices = choices.stream().map(X509ExtendedTrustManager.class::cast).toList();
  }

  /** One way to check. */
  private interface Check {
    void by(X509ExtendedTrustManager manager) throws CertificateException;
  }

  private void any(Check check) throws CertificateException {
    CertificateException last = new CertificateException("nothing is trusted");
    for (X509ExtendedTrustManager choice : choices) {
      try {
        check.by(choice);
        return;
      } catch (CertificateException e) {
        last = e;
      }
    }
    throw last;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    any(m -> m.checkServerTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    any(m -> m.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    any(m -> m.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("no client is expected here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return choices.stream()
        .flatMap(c -> Stream.of(c.getAcceptedIssuers()))
        .toArray(X509Certificate[]::new);
  }
}
