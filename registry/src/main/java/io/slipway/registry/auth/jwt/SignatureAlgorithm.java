package io.slipway.registry.auth.jwt;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;

/** The algorithms of RFC 7518 and RFC 8037 that are taken. {@code none} is not one. */
enum SignatureAlgorithm {
  EDDSA("EdDSA", Family.ED25519, "Ed25519", 0),
  ES256("ES256", Family.P256, "SHA256withECDSAinP1363Format", 0),
  ES384("ES384", Family.P384, "SHA384withECDSAinP1363Format", 0),
  ES512("ES512", Family.P521, "SHA512withECDSAinP1363Format", 0),
  RS256("RS256", Family.RSA, "SHA256withRSA", 0),
  RS384("RS384", Family.RSA, "SHA384withRSA", 0),
  RS512("RS512", Family.RSA, "SHA512withRSA", 0),
  PS256("PS256", Family.RSA, "RSASSA-PSS", 256),
  PS384("PS384", Family.RSA, "RSASSA-PSS", 384),
  PS512("PS512", Family.RSA, "RSASSA-PSS", 512),
  HS256("HS256", Family.SECRET, "HmacSHA256", 0),
  HS384("HS384", Family.SECRET, "HmacSHA384", 0),
  HS512("HS512", Family.SECRET, "HmacSHA512", 0);

  /** Kinds of keys; one key serves the algorithms of one family. */
  enum Family {
    ED25519,
    P256,
    P384,
    P521,
    RSA,
    SECRET
  }

  private final String id;
  private final Family family;
  private final String jcaName;
  private final int pssBits;

  SignatureAlgorithm(String id, Family family, String jcaName, int pssBits) {
    this.id = id;
    this.family = family;
    this.jcaName = jcaName;
    this.pssBits = pssBits;
  }

  /** As the header {@code alg} says it, letter case included. */
  static Optional<SignatureAlgorithm> of(String id) {
    return Arrays.stream(values()).filter(a -> a.id.equals(id)).findFirst();
  }

  String id() {
    return id;
  }

  Family family() {
    return family;
  }

  boolean verify(Key key, byte[] signed, byte[] signature) {
    try {
      if (family == Family.SECRET) {
        Mac mac = Mac.getInstance(jcaName);
        mac.init(key);
        return MessageDigest.isEqual(mac.doFinal(signed), signature);
      }
      Signature verifier = Signature.getInstance(jcaName);
      if (pssBits > 0) {
        String hash = "SHA-" + pssBits;
        verifier.setParameter(
            new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), pssBits / 8, 1));
      }
      verifier.initVerify((PublicKey) key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // a signature of the wrong length or form is wrong like any other
      return false;
    }
  }
}
