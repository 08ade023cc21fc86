package io.slipway.registry.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final long NOW = 2_000_000_000;
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
  private static final KeyPair KEY = Forge.ec("secp256r1");
  private static final KeyPair RSA = Forge.rsa();
  private static final String HEADER = "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k1\"}";
  private static final String GOOD =
      "{\"iss\":\"i\",\"sub\":\"ann\",\"aud\":\"us\",\"exp\":2000000100,\"nbf\":1999999999}";

  @TempDir Path folder;

  private TokenVerifier verifier(String jwks) throws IOException {
    Path file = Files.writeString(folder.resolve("jwks"), jwks);
    return TrustedIssuer.ofKeyFile(file, "i", Set.of("us", "them"), CLOCK, line -> {});
  }

  private TokenVerifier verifier() throws IOException {
    return verifier(Forge.jwks(KEY, "\"kid\":\"k1\","));
  }

  private static String token(String claims) {
    return Forge.token(HEADER, claims, "ES256", KEY.getPrivate());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"
      })
  void everyAlgorithmIsVerified(String algorithm) throws Exception {
    KeyPair pair =
        switch (algorithm) {
          case "EdDSA" -> Forge.ed25519();
          case "ES256" -> KEY;
          case "ES384" -> Forge.ec("secp384r1");
          case "ES512" -> Forge.ec("secp521r1");
          default -> RSA;
        };
    TokenVerifier verifier = verifier(Forge.jwks(pair, "\"kid\":\"a\","));
    String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"a\"}";
    String token = Forge.token(header, GOOD, algorithm, pair.getPrivate());
    assertThat(verifier.verify(token).subject()).isEqualTo("ann");
    int dot = token.lastIndexOf('.');
    char changed = token.charAt(dot + 5) == 'A' ? 'B' : 'A';
    String bad = token.substring(0, dot + 5) + changed + token.substring(dot + 6);
    refused(verifier, bad, "signature");
    refused(verifier, token.substring(0, dot + 1), "signature");
  }

  @Test
  void sharedSecretsAreVerified() throws Exception {
    byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    String jwks = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"" + JsonText.encode(secret) + "\"}]}";
    String token =
        Forge.token("{\"alg\":\"HS256\"}", GOOD, "HS256", new SecretKeySpec(secret, "x"));
    assertThat(verifier(jwks).verify(token).subject()).isEqualTo("ann");
    assertThatThrownBy(() -> verifier("{\"keys\":[{\"kty\":\"oct\",\"k\":\"YWJj\"}]}"))
        .hasMessageContaining("32 bytes");
  }

  /** Claims that must be refused, and why. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"iss":"i","aud":"us","exp":1999999930}                    | expired
          {"iss":"i","aud":"us"}                                     | no end
          {"iss":"i","aud":"us","exp":"2000000100"}                  | no time
          {"iss":"i","aud":"us","exp":-5}                            | no time
          {"iss":"i","aud":"us","exp":1e300}                         | no time
          {"iss":"i","aud":"us","exp":2000000100,"nbf":2000000090}   | not valid yet
          {"iss":"i","aud":"us","exp":2000000100,"iat":2000000090}   | not valid yet
          {"iss":"j","aud":"us","exp":2000000100}                    | another issuer
          {"aud":"us","exp":2000000100}                              | another issuer
          {"iss":["i"],"aud":"us","exp":2000000100}                  | another issuer
          {"iss":"i","aud":"other","exp":2000000100}                 | another audience
          {"iss":"i","aud":["a","b"],"exp":2000000100}               | another audience
          {"iss":"i","exp":2000000100}                               | another audience
          {"iss":"i","aud":"us","aud":"us","exp":2000000100}         | malformed
          ["iss"]                                                    | malformed
          {"iss":"i","aud":"us","exp":2000000100} x                  | malformed
          {"iss":"i","aud":["a","them"],"exp":2000000100}            | OK
          {"iss":"i","aud":"us","exp":1999999950}                    | OK
          {"iss":"i","aud":"us","exp":2000000100,"nbf":2000000050}   | OK
          """)
  void claimsAreChecked(String claims, String verdict) throws Exception {
    if (verdict.equals("OK")) {
      assertThat(verifier().verify(token(claims)).subject()).isEmpty();
    } else {
      refused(verifier(), token(claims), verdict);
    }
  }

  @Test
  void noneIsNoAlgorithm() throws Exception {
    for (String none : List.of("none", "None", "NONE", "", "es256", "ES256 ")) {
      String header = "{\"alg\":\"" + none + "\",\"kid\":\"k1\"}";
      refused(verifier(), Forge.encode(header) + "." + Forge.encode(GOOD) + ".", "algorithm");
      refused(verifier(), Forge.token(header, GOOD, "ES256", KEY.getPrivate()), "algorithm");
    }
    refused(verifier(), Forge.token("{\"kid\":\"k1\"}", GOOD, "ES256", KEY.getPrivate()), "algo");
  }

  @Test
  void aPublicKeyIsNoSharedSecret() throws Exception {
    TokenVerifier verifier = verifier(Forge.jwks(RSA, "\"kid\":\"k1\","));
    String header = "{\"alg\":\"HS256\",\"kid\":\"k1\"}";
    refused(verifier, Forge.token(header, GOOD, "HS256", RSA.getPublic()), "key is not known");
    refused(
        verifier(),
        Forge.token("{\"alg\":\"RS256\",\"kid\":\"k1\"}", GOOD, "RS256", RSA.getPrivate()),
        "key is not known");
  }

  @Test
  void theKeyIsChosenByNameOrByWhatFits() throws Exception {
    String nameless = "{\"alg\":\"ES256\"}";
    assertThat(verifier().verify(Forge.token(nameless, GOOD, "ES256", KEY.getPrivate())).subject())
        .isEqualTo("ann");
    String thumbprint = JwkWriter.write(KEY.getPublic()).orElseThrow().path("kid").asText();
    String named = "{\"alg\":\"ES256\",\"kid\":\"" + thumbprint + "\"}";
    assertThat(verifier().verify(Forge.token(named, GOOD, "ES256", KEY.getPrivate())).subject())
        .isEqualTo("ann");
    KeyPair stranger = Forge.ec("secp256r1");
    refused(verifier(), Forge.token(nameless, GOOD, "ES256", stranger.getPrivate()), "signature");
    refused(verifier(), Forge.token(HEADER, GOOD, "ES256", stranger.getPrivate()), "signature");
    String other = "{\"alg\":\"ES256\",\"kid\":\"k2\"}";
    refused(verifier(), Forge.token(other, GOOD, "ES256", KEY.getPrivate()), "not known");
    String brought =
        "{\"alg\":\"ES256\",\"jwk\":" + JwkWriter.write(stranger.getPublic()).orElseThrow() + "}";
    refused(verifier(), Forge.token(brought, GOOD, "ES256", stranger.getPrivate()), "signature");
    String critical = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"crit\":[\"b64\"],\"b64\":false}";
    refused(verifier(), Forge.token(critical, GOOD, "ES256", KEY.getPrivate()), "extension");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a.b", "a.b.c", "a.b.c.d", "e30.e30.", "e30.e30.e30", "!.!.!"})
  void malformedTokensAreRefused(String token) throws Exception {
    assertThatThrownBy(() -> verifier().verify(token)).isInstanceOf(TokenRefused.class);
    assertThatThrownBy(() -> verifier().verify(token("{\"x\":\"" + "y".repeat(20_000) + "\"}")))
        .isInstanceOf(TokenRefused.class);
  }

  @Test
  void keySetsAreReadStrictly() {
    for (String bad :
        List.of(
            "x",
            "{}",
            "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
            "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\"}]}",
            "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\"}]}",
            Forge.jwks(KEY, "\"alg\":\"RS256\","),
            Forge.jwks(KEY, "\"alg\":\"none\","))) {
      assertThatThrownBy(
              () -> {
                TokenVerifier verifier = verifier(bad);
                verifier.verify(token(GOOD));
              })
          .as(bad)
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void keysOfOtherKindsAreLeftOut() throws Exception {
    String keys =
        Forge.jwks(KEY, "\"kid\":\"k1\",")
            .replace("[", "[{\"kty\":\"XYZ\"},{\"kty\":\"EC\",\"crv\":\"secp256k1\"},");
    assertThat(verifier(keys).verify(token(GOOD)).subject()).isEqualTo("ann");
  }

  @Test
  void ourOwnKeySignsAndIsKept() throws Exception {
    for (boolean es256 : List.of(true, false)) {
      Path file = folder.resolve("key-" + es256 + ".pem");
      SigningKey key = SigningKey.open(file, es256);
      assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
      com.fasterxml.jackson.databind.node.ObjectNode claims =
          (com.fasterxml.jackson.databind.node.ObjectNode) JsonText.JSON.readTree(GOOD);
      String token = key.sign(claims);
      SigningKey again = SigningKey.open(file, !es256);
      assertThat(again.jwks()).isEqualTo(key.jwks());
      assertThat(again.verifier("i", "us", CLOCK).verify(token).subject()).isEqualTo("ann");
      refused(again.verifier("i", "other", CLOCK), token, "another audience");
    }
  }

  private static void refused(TokenVerifier verifier, String token, String reason) {
    assertThatThrownBy(() -> verifier.verify(token))
        .as(token)
        .isInstanceOf(TokenRefused.class)
        .hasMessageContaining(reason);
  }
}
