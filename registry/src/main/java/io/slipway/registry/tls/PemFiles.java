package io.slipway.registry.tls;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.FileReason;
import io.slipway.image.error.SlipwayException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/** Reads certificates and keys, and sees to it that they fit together. */
final class PemFiles {
  private PemFiles() {}

  /** At least one. */
  static List<X509Certificate> certificates(Path file) {
    try {
      List<X509Certificate> found = new ArrayList<>();
      for (Certificate one :
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))) {
        found.add((X509Certificate) one);
      }
      if (found.isEmpty()) {
        throw SlipwayException.invalid(file + " holds no certificate");
      }
      return found;
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (GeneralSecurityException e) {
      throw new SlipwayException(ErrorKind.INVALID, file + " holds no certificates in PEM", e);
    }
  }

  /** A pair that fits; the key as PKCS #8 whatever form the file has. */
  static KeyPairPem pair(Path certificate, Path key) {
    X509Certificate leaf = certificates(certificate).getFirst();
    PrivateKeyInfo read = keyInfo(key);
    try {
      String algorithm = leaf.getPublicKey().getAlgorithm();
      // the old form of an EC key (SEC 1) may leave the curve to the certificate
      PrivateKeyInfo info =
          new PrivateKeyInfo(
              SubjectPublicKeyInfo.getInstance(leaf.getPublicKey().getEncoded()).getAlgorithm(),
              read.parsePrivateKey());
      PrivateKey privateKey =
          KeyFactory.getInstance(algorithm)
              .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
      if (!fits(leaf.getPublicKey(), privateKey)) {
        throw SlipwayException.invalid(key + " is not the key of " + certificate);
      }
      String pem = PemText.of("PRIVATE KEY", info.getEncoded());
      return new KeyPairPem(Files.readString(certificate), pem);
    } catch (IOException e) {
      throw unreadable(certificate, e);
    } catch (GeneralSecurityException e) {
      throw new SlipwayException(ErrorKind.INVALID, key + " is not the key of " + certificate, e);
    }
  }

  private static PrivateKeyInfo keyInfo(Path file) {
    try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file)))) {
      for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
        if (one instanceof PrivateKeyInfo info) {
          return info;
        }
        if (one instanceof PEMKeyPair pair) {
          return pair.getPrivateKeyInfo();
        }
      }
      throw SlipwayException.invalid(file + " holds no private key in PEM without a password");
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static boolean fits(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    byte[] probe = "fits".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(privateKey);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(probe);
    return signature.verify(signed);
  }

  private static SlipwayException unreadable(Path file, IOException e) {
    return new SlipwayException(
        ErrorKind.INVALID, "cannot read " + file + ": " + FileReason.of(e), e);
  }
}
