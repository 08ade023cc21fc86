package io.slipway.registry.auth.jwt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Optional;

/** Public keys as JSON Web Keys, named by their thumbprint. */
final class JwkWriter {
  private static final int ED25519_BYTES = 32;

  private JwkWriter() {}

  /** Empty for keys of kinds that sign no tokens. */
  static Optional<ObjectNode> write(PublicKey key) {
    ObjectNode jwk = JsonNodeFactory.instance.objectNode();
    switch (key) {
      case RSAPublicKey rsa -> {
        jwk.put("e", number(rsa.getPublicExponent(), 0)).put("kty", "RSA");
        jwk.put("n", number(rsa.getModulus(), 0));
      }
      case ECPublicKey ec -> {
        int bits = ec.getParams().getCurve().getField().getFieldSize();
        int bytes = (bits + 7) / 8;
        jwk.put("crv", "P-" + bits).put("kty", "EC");
        jwk.put("x", number(ec.getW().getAffineX(), bytes));
        jwk.put("y", number(ec.getW().getAffineY(), bytes));
      }
      default -> {
        if (!key.getAlgorithm().equals("Ed25519") && !key.getAlgorithm().equals("EdDSA")) {
          return Optional.empty();
        }
        byte[] encoded = key.getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
        jwk.put("crv", "Ed25519").put("kty", "OKP").put("x", JsonText.encode(point));
      }
    }
    jwk.put("kid", thumbprint(jwk));
    jwk.put("use", "sig");
    return Optional.of(jwk);
  }

  private static String thumbprint(ObjectNode jwk) {
    // the members were put in the order that RFC 7638 wants
    String[] names = jwk.propertyStream().map(java.util.Map.Entry::getKey).toArray(String[]::new);
    return JwkReader.thumbprint(JwkReader.members(jwk, names));
  }

  private static String number(BigInteger number, int minBytes) {
    byte[] bytes = number.toByteArray();
    int from = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    int length = Math.max(minBytes, bytes.length - from);
    byte[] padded = new byte[length];
    System.arraycopy(bytes, from, padded, length - (bytes.length - from), bytes.length - from);
    return JsonText.encode(padded);
  }
}
