package io.slipway.registry.auth.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.auth.jwt.SignatureAlgorithm.Family;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/** Reads JSON Web Key sets (RFC 7517) and names keys by their thumbprint (RFC 7638). */
final class JwkReader {
  private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int MIN_RSA_BITS = 2048;
  private static final int MIN_SECRET_BYTES = 32;

  private record Curve(String jca, Family family) {}

  private static final Map<String, Curve> CURVES =
      Map.of(
          "P-256", new Curve("secp256r1", Family.P256),
          "P-384", new Curve("secp384r1", Family.P384),
          "P-521", new Curve("secp521r1", Family.P521));

  private JwkReader() {}

  /**
   * The keys of a set that can verify signatures; keys of other kinds and uses are left out.
   *
   * @param source named in errors
   */
  static List<TrustedKey> set(byte[] json, String source) {
    JsonNode keys;
    try {
      keys = JsonText.JSON.readTree(json).path("keys");
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INVALID, source + " is not JSON", e);
    }
    if (!keys.isArray()) {
      throw SlipwayException.invalid(source + " holds no JSON Web Key set: want \"keys\": [...]");
    }
    List<TrustedKey> trusted = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      JsonNode key = keys.get(i);
      if (!key.path("use").asText("sig").equals("sig")) {
        continue;
      }
      try {
        key(key).ifPresent(trusted::add);
      } catch (GeneralSecurityException | IllegalArgumentException | TokenRefused e) {
        throw new SlipwayException(
            ErrorKind.INVALID, source + ": key " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return trusted;
  }

  private static Optional<TrustedKey> key(JsonNode jwk)
      throws GeneralSecurityException, TokenRefused {
    String type = jwk.path("kty").asText();
    String curve = jwk.path("crv").asText();
    return switch (type) {
      case "RSA" -> trusted(jwk, rsa(jwk), Family.RSA, members(jwk, "e", "kty", "n"));
      case "EC" -> {
        Curve known = CURVES.get(curve);
        yield known == null
            ? Optional.empty()
            : trusted(jwk, ec(jwk, known), known.family(), members(jwk, "crv", "kty", "x", "y"));
      }
      case "OKP" ->
          curve.equals("Ed25519")
              ? trusted(jwk, ed25519(jwk), Family.ED25519, members(jwk, "crv", "kty", "x"))
              : Optional.empty();
      case "oct" -> trusted(jwk, secret(jwk), Family.SECRET, members(jwk, "k", "kty"));
      default -> Optional.empty();
    };
  }

  private static Optional<TrustedKey> trusted(
      JsonNode jwk, Key key, Family family, String members) {
    SignatureAlgorithm only = null;
    if (jwk.has("alg")) {
      String alg = jwk.path("alg").asText();
      only =
          SignatureAlgorithm.of(alg)
              .filter(a -> a.family() == family)
              .orElseThrow(
                  () -> new IllegalArgumentException("algorithm \"" + alg + "\" does not fit"));
    }
    Set<String> ids = new LinkedHashSet<>();
    ids.add(thumbprint(members));
    if (jwk.hasNonNull("kid")) {
      ids.add(jwk.path("kid").asText());
    }
    return Optional.of(new TrustedKey(ids, key, family, only));
  }

  private static Key rsa(JsonNode jwk) throws GeneralSecurityException, TokenRefused {
    BigInteger modulus = number(jwk, "n");
    if (modulus.bitLength() < MIN_RSA_BITS) {
      throw new IllegalArgumentException("an RSA key needs at least 2048 bits");
    }
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(modulus, number(jwk, "e")));
  }

  private static Key ec(JsonNode jwk, Curve curve) throws GeneralSecurityException, TokenRefused {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve.jca()));
    ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static Key ed25519(JsonNode jwk) throws GeneralSecurityException, TokenRefused {
    byte[] point = JsonText.bytes(jwk.path("x").asText());
    byte[] encoded = new byte[ED25519_PREFIX.length + point.length];
    System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
    System.arraycopy(point, 0, encoded, ED25519_PREFIX.length, point.length);
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static Key secret(JsonNode jwk) throws TokenRefused {
    byte[] secret = JsonText.bytes(jwk.path("k").asText());
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException("a shared secret needs at least 32 bytes");
    }
    return new SecretKeySpec(secret, "HMAC");
  }

  private static BigInteger number(JsonNode jwk, String member) throws TokenRefused {
    byte[] bytes = JsonText.bytes(jwk.path(member).asText());
    if (bytes.length == 0) {
      throw new IllegalArgumentException("member \"" + member + "\" is missing");
    }
    return new BigInteger(1, bytes);
  }

  /** The members a thumbprint is made of, in the order RFC 7638 wants. */
  static String members(JsonNode jwk, String... names) {
    StringBuilder text = new StringBuilder("{");
    for (String name : names) {
      text.append(text.length() > 1 ? "," : "")
          .append("\"%s\":\"%s\"".formatted(name, jwk.path(name).asText()));
    }
    return text.append('}').toString();
  }

  static String thumbprint(String members) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(members.getBytes(StandardCharsets.UTF_8));
      return JsonText.encode(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
