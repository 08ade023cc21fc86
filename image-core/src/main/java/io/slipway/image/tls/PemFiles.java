package io.slipway.image.tls;

import io.slipway.image.error.SlipwayException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM files. */
public final class PemFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN (RSA )?PRIVATE KEY-----(.*?)-----END", Pattern.DOTALL);

  /** Version 0 and {@code rsaEncryption}: what PKCS #8 has before a key of PKCS #1. */
  private static final byte[] RSA_HEAD =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;

  private PemFiles() {}

  /** All certificates of a file, at least one. */
  public static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
    if (found.isEmpty()) {
      throw SlipwayException.invalid(file + " holds no certificate");
    }
    return found;
  }

  /**
   * The private key of a file, in PKCS #8 or, for RSA, PKCS #1.
   *
   * @param algorithm of the certificate it belongs to
   */
  public static PrivateKey privateKey(Path file, String algorithm)
      throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(Files.readString(file));
    if (!pem.find()) {
      throw SlipwayException.invalid(
          file + " is no private key in PKCS #8; openssl pkcs8 -topk8 -nodes makes it one");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(pem.group(2));
    byte[] encoded =
        pem.group(1) == null ? bytes : element(SEQUENCE, RSA_HEAD, element(OCTETS, bytes));
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  /** A DER element; its length in two bytes, or in the short form's one. */
  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(tag);
    if (content.size() < 0x80) {
      whole.write(content.size());
    } else {
      whole.write(0x82);
      whole.writeBytes(ByteBuffer.allocate(2).putShort((short) content.size()).array());
    }
    whole.writeBytes(content.toByteArray());
    return whole.toByteArray();
  }
}
