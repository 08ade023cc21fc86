package io.slipway.registry.auth.jwt;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens, good and bad ones, with the JDK alone. */
public final class Forge {
  private Forge() {}

  public static KeyPair rsa() {
    return pair("RSA", "");
  }

  public static KeyPair ec(String curve) {
    return pair("EC", curve);
  }

  public static KeyPair ed25519() {
    return pair("Ed25519", "");
  }

  private static KeyPair pair(String algorithm, String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      if (!curve.isEmpty()) {
        generator.initialize(new ECGenParameterSpec(curve));
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key set with one public key, and members such as {@code "kid":"a"} more. */
  public static String jwks(KeyPair pair, String more) {
    String jwk = JwkWriter.write(pair.getPublic()).orElseThrow().toString();
    return "{\"keys\":[" + jwk.replaceFirst("\"kid\":\"[^\"]*\",", more) + "]}";
  }

  /** Header and claims in JSON, signed as {@code algorithm} says whatever the header does. */
  public static String token(String header, String claims, String algorithm, Key key) {
    String signed = encode(header) + "." + encode(claims);
    return signed
        + "."
        + JsonText.encode(sign(algorithm, key, signed.getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] sign(String algorithm, Key key, byte[] content) {
    try {
      if (algorithm.startsWith("HS")) {
        String name = "HmacSHA" + algorithm.substring(2);
        Mac mac = Mac.getInstance(name);
        mac.init(new SecretKeySpec(key.getEncoded(), name));
        return mac.doFinal(content);
      }
      String bits = algorithm.substring(2);
      Signature signature =
          Signature.getInstance(
              switch (algorithm.substring(0, 2)) {
                case "Ed" -> "Ed25519";
                case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
                case "PS" -> "RSASSA-PSS";
                default -> "SHA" + bits + "withRSA";
              });
      if (algorithm.startsWith("PS")) {
        String hash = "SHA-" + bits;
        signature.setParameter(
            new PSSParameterSpec(
                hash, "MGF1", new MGF1ParameterSpec(hash), Integer.parseInt(bits) / 8, 1));
      }
      signature.initSign((PrivateKey) key);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(String json) {
    return JsonText.encode(json.getBytes(StandardCharsets.UTF_8));
  }
}
