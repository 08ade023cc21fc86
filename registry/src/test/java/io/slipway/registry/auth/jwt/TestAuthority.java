package io.slipway.registry.auth.jwt;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA of a test, and what clients make of certificates. */
public final class TestAuthority {
  private static final char[] NO_PASSWORD = {};

  /** A certificate and its keys. */
  public record Issued(X509Certificate certificate, KeyPair keys) {

    public void write(Path certificateFile, Path keyFile) throws IOException {
      Files.writeString(certificateFile, pem(certificate));
      Files.writeString(keyFile, pem(keys.getPrivate()));
    }
  }

  private final Issued own;

  public TestAuthority() throws Exception {
    KeyPair keys = keys("EC");
    this.own = new Issued(sign("CN=test CA", keys, "CN=test CA", keys, true), keys);
  }

  public X509Certificate certificate() {
    return own.certificate();
  }

  public Issued issue(String commonName, String algorithm) throws Exception {
    KeyPair keys = keys(algorithm);
    return new Issued(sign("CN=" + commonName, keys, "CN=test CA", own.keys(), false), keys);
  }

  private static KeyPair keys(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(
      String subject, KeyPair keys, String issuer, KeyPair issuerKeys, boolean ca)
      throws Exception {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name(issuer),
            new BigInteger(64, new SecureRandom()),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofDays(1))),
            new X500Name(subject),
            keys.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate())));
  }

  public static String pem(Object thing) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(thing);
    }
    return text.toString();
  }

  public static X509Certificate read(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  /** What a client connects with; {@code shown} null: it has no certificate. */
  public static SSLContext client(X509Certificate trusted, Issued shown) throws Exception {
    KeyStore trust = store();
    trust.setCertificateEntry("ca", trusted);
    TrustManagerFactory trusts =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusts.init(trust);
    KeyStore keys = store();
    if (shown != null) {
      Certificate[] chain = {shown.certificate()};
      keys.setKeyEntry("own", shown.keys().getPrivate(), NO_PASSWORD, chain);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trusts.getTrustManagers(), null);
    return context;
  }

  private static KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
