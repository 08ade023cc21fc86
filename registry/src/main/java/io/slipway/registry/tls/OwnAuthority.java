package io.slipway.registry.tls;

import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA of the registry's own and a server certificate from it, both made when they are missing; the
 * server's also when it lacks a name or is about to expire, so that clients go on trusting the CA.
 */
final class OwnAuthority {
  private static final Duration CA_LIFE = Duration.ofDays(3650);

  /** Some clients take no server certificate that lives longer. */
  private static final Duration SERVER_LIFE = Duration.ofDays(397);

  private static final Duration RENEW_BEFORE = Duration.ofDays(30);
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);
  private static final int SERIAL_BITS = 127;
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

  private final Path folder;
  private final Clock clock;

  OwnAuthority(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  Path caCertificate() {
    return folder.resolve("ca.crt");
  }

  Path serverCertificate() {
    return folder.resolve("server.crt");
  }

  Path serverKey() {
    return folder.resolve("server.key");
  }

  /** True when a CA was made, which clients do not know yet. */
  boolean ensure(Set<String> names) {
    try {
      AtomicFile.createDirectories(folder);
      boolean fresh = !Files.exists(caCertificate());
      if (fresh) {
        makeAuthority();
      }
      if (fresh || !isServerGood(names)) {
        makeServer(names);
      }
      return fresh;
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot make certificates in " + folder + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot make certificates in " + folder + ": " + e.getMessage(), e);
    }
  }

  private boolean isServerGood(Set<String> names) throws CertificateParsingException {
    if (!Files.exists(serverCertificate()) || !Files.exists(serverKey())) {
      return false;
    }
    X509Certificate server = PemFiles.certificates(serverCertificate()).getFirst();
    Instant end = server.getNotAfter().toInstant();
    return end.isAfter(clock.instant().plus(RENEW_BEFORE)) && names(server).containsAll(names);
  }

  private static Set<String> names(X509Certificate certificate) throws CertificateParsingException {
    Set<String> names = new HashSet<>();
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    for (List<?> one : Optional.ofNullable(alternatives).orElse(List.of())) {
      names.add(String.valueOf(one.get(1)));
    }
    return names;
  }

  private void makeAuthority()
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPair pair = keyPair();
    X500Name name = new X500Name("CN=Slipway registry CA " + serial().toString(36).substring(0, 6));
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name, serial(), from(), until(CA_LIFE), name, pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    X509Certificate certificate = sign(builder, pair.getPrivate());
    // the key first: a certificate without its key would be taken for a finished CA
    secret(folder.resolve("ca.key"), pair.getPrivate());
    AtomicFile.write(
        caCertificate(), Bytes.utf8(PemText.of("CERTIFICATE", certificate.getEncoded())));
  }

  private void makeServer(Set<String> names)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    X509Certificate ca = PemFiles.certificates(caCertificate()).getFirst();
    KeyPair pair = keyPair();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            ca,
            serial(),
            from(),
            until(SERVER_LIFE),
            new X500Name("CN=Slipway registry"),
            pair.getPublic());
    addUses(builder, ca, pair);
    builder.addExtension(Extension.subjectAlternativeName, false, alternatives(names));
    X509Certificate certificate = sign(builder, caKey());
    secret(serverKey(), pair.getPrivate());
    AtomicFile.write(
        serverCertificate(),
        Bytes.utf8(
            PemText.of("CERTIFICATE", certificate.getEncoded())
                + PemText.of("CERTIFICATE", ca.getEncoded())));
  }

  private static void addUses(X509v3CertificateBuilder builder, X509Certificate ca, KeyPair pair)
      throws CertIOException, GeneralSecurityException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        identifiers.createSubjectKeyIdentifier(pair.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        identifiers.createAuthorityKeyIdentifier(ca.getPublicKey()));
  }

  private static GeneralNames alternatives(Set<String> names) {
    List<GeneralName> all = new ArrayList<>();
    for (String name : new TreeSet<>(names)) {
      boolean address = ADDRESS.matcher(name).matches();
      all.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
    }
    return new GeneralNames(all.toArray(GeneralName[]::new));
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private PrivateKey caKey() throws IOException, GeneralSecurityException {
    String pem = Files.readString(folder.resolve("ca.key"));
    String text = pem.replaceAll("-----[A-Z ]+-----", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text)));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
  }

  private static void secret(Path file, PrivateKey key) throws IOException {
    AtomicFile.write(
        file, Bytes.utf8(PemText.of("PRIVATE KEY", key.getEncoded())), AtomicFile.OWNER_ONLY);
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
  }

  private Date from() {
    return Date.from(clock.instant().minus(CLOCK_SKEW));
  }

  private Date until(Duration life) {
    return Date.from(clock.instant().plus(life));
  }
}
