package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.registry.auth.HtpasswdFile;
import io.slipway.registry.auth.jwt.Forge;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.Key;
import java.util.Base64;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that a running registry did not make, or not for this, open nothing in it. */
class ForgedTokenTest {
  private static final String ANN =
      "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;
  private RegistryFixture registry;
  private String header;
  private ObjectNode claims;
  private String genuine;

  @BeforeEach
  void open() throws IOException {
    Path users = folder.resolve("users");
    HtpasswdFile.put(users, "ann", "secret");
    registry =
        RegistryFixture.open(
            folder.resolve("root"),
            Map.of(
                "auth.scheme", "token",
                "auth.htpasswd", users.toString(),
                "auth.token.key", "es256"));
    genuine =
        json(registry.get(
                "/token?service=slipway-registry&scope=repository:a:pull", "Authorization", ANN))
            .path("token")
            .asText();
    header = part(0).toString();
    claims = (ObjectNode) part(1);
  }

  @AfterEach
  void close() {
    assertThat(ask(genuine).statusCode()).as("the genuine one").isEqualTo(404);
    registry.close();
  }

  private JsonNode part(int number) throws IOException {
    return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(genuine.split("\\.")[number]));
  }

  /** A repository that is not there: who may pull hears so. */
  private HttpResponse<byte[]> ask(String token) {
    return registry.get("/v2/a/tags/list", "Authorization", "Bearer " + token);
  }

  private void refused(String token) {
    HttpResponse<byte[]> answer = ask(token);
    assertError(answer, 401, "UNAUTHORIZED");
    assertThat(header(answer, "WWW-Authenticate")).endsWith(",error=\"invalid_token\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256", "RS256", "EdDSA", "ES384"})
  void anotherAlgorithmInTheHeader(String algorithm) {
    String other = header.replace("ES256", algorithm);
    String[] parts = genuine.split("\\.");
    String begin = encode(other) + "." + parts[1] + ".";
    refused(begin);
    refused(begin + parts[2]);
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void thePublishedKeyIsNoSecretToSignWith() {
    JsonNode jwk = json(registry.get("/token/jwks")).at("/keys/0");
    for (String secret :
        new String[] {
          jwk.toString(), jwk.path("x").asText(), jwk.path("kid").asText(), "0".repeat(32)
        }) {
      Key key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "x");
      refused(Forge.token(header.replace("ES256", "HS256"), claims.toString(), "HS256", key));
    }
  }

  @Test
  void aKeyOfOnesOwnIsNotTrusted() {
    Key own = Forge.ec("secp256r1").getPrivate();
    refused(Forge.token(header, claims.toString(), "ES256", own));
    refused(Forge.token("{\"alg\":\"ES256\"}", claims.toString(), "ES256", own));
  }

  @Test
  void claimsCannotBeChanged() {
    String[] parts = genuine.split("\\.");
    for (String change :
        new String[] {
          claims.toString().replace("\"pull\"", "\"pull\",\"push\""),
          claims.toString().replace("\"ann\"", "\"bob\""),
          claims.deepCopy().put("exp", 4_000_000_000L).toString(),
          claims.deepCopy().put("iss", "another").toString(),
          claims.deepCopy().put("aud", "another").toString()
        }) {
      assertThat(change).isNotEqualTo(claims.toString());
      refused(parts[0] + "." + encode(change) + "." + parts[2]);
    }
  }

  /** Signed by the right key, as a registry that was set up otherwise would. */
  @Test
  void tokensForAnotherServiceAreOfNoUse() {
    registry.close();
    registry =
        RegistryFixture.open(
            folder.resolve("root"),
            Map.of(
                "auth.scheme", "token",
                "auth.htpasswd", folder.resolve("users").toString(),
                "auth.token.service", "another"));
    refused(genuine);
    registry.close();
    registry =
        RegistryFixture.open(
            folder.resolve("root"),
            Map.of(
                "auth.scheme", "token",
                "auth.htpasswd", folder.resolve("users").toString(),
                "auth.token.issuer", "another"));
    refused(genuine);
    registry.close();
    registry =
        RegistryFixture.open(
            folder.resolve("root"),
            Map.of("auth.scheme", "token", "auth.htpasswd", folder.resolve("users").toString()));
  }
}
