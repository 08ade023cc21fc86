package io.slipway.image.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthTest {
  @TempDir private Path root;

  @Test
  void parsesChallenges() {
    assertThat(
            AuthChallenge.parse(
                List.of(
                    "Bearer realm=\"https://a/t\",service=\"s \\\"q\\\","
                        + " x\",scope=\"r:a/b:pull,push\"")))
        .containsExactly(
            new AuthChallenge(
                "bearer",
                Map.of(
                    "realm", "https://a/t",
                    "service", "s \"q\", x",
                    "scope", "r:a/b:pull,push")));
    assertThat(AuthChallenge.parse(List.of("Negotiate, Basic Realm = x , bearer realm=\"y\"")))
        .containsExactly(
            new AuthChallenge("negotiate", Map.of()),
            new AuthChallenge("basic", Map.of("realm", "x")),
            new AuthChallenge("bearer", Map.of("realm", "y")));
    assertThat(AuthChallenge.parse(List.of("Basic realm=\"a\"", "Bearer realm=\"b\""))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "=", "\"", "Basic realm=\"open", "a=b", "Bearer ,,,="})
  void survivesOddChallenges(String header) {
    assertThat(AuthChallenge.parse(List.of(header))).hasSizeLessThan(3);
  }

  @ParameterizedTest
  @CsvSource({
    "docker.io, https://registry-1.docker.io/v2/x",
    "localhost, http://localhost/v2/x",
    "localhost:5000, http://localhost:5000/v2/x",
    "127.9.0.1:5000, http://127.9.0.1:5000/v2/x",
    "[::1]:5000, http://[::1]:5000/v2/x",
    "ghcr.io, https://ghcr.io/v2/x",
    "10.0.0.1:5000, https://10.0.0.1:5000/v2/x",
    "plain.example:80, http://plain.example:80/v2/x",
    "localhost.example, https://localhost.example/v2/x",
    "127.0.0.1.example:5000, https://127.0.0.1.example:5000/v2/x",
  })
  void speaksPlainHttpOnlyWhereAllowed(String domain, String url) {
    assertThat(RegistryAddress.of(domain, Set.of("plain.example:80")).url("x")).hasToString(url);
  }

  private CredentialSource config(String json) throws IOException {
    Files.writeString(root.resolve("config.json"), json);
    return DockerConfigCredentials.of(Map.of("DOCKER_CONFIG", root.toString()));
  }

  @Test
  void readsAuths() throws IOException {
    String pair = Base64.getEncoder().encodeToString("me:pa:ss".getBytes(StandardCharsets.UTF_8));
    CredentialSource source =
        config(
            "{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"%s\"},\"h:5000\":{\"username\":\"u\",\"password\":\"p\"},\"t\":{\"auth\":\"x\",\"identitytoken\":\"i\"},\"bad\":{\"auth\":\"%%\"},\"e\":{}}}"
                .formatted(pair));
    assertThat(source.find("docker.io")).isEqualTo(new Credentials.Basic("me", "pa:ss"));
    assertThat(source.find("h:5000")).isEqualTo(new Credentials.Basic("u", "p"));
    assertThat(source.find("t")).isEqualTo(new Credentials.IdentityToken("i"));
    assertThat(source.find("e")).isEqualTo(new Credentials.Anonymous());
    assertThat(source.find("unknown")).isEqualTo(new Credentials.Anonymous());
    assertThatThrownBy(() -> source.find("bad")).hasMessageContaining("log in again");
  }

  @Test
  void aMissingFileIsNobodyAndABrokenOneAnError() throws IOException {
    assertThat(new DockerConfigCredentials(root.resolve("none"), "").find("x"))
        .isEqualTo(new Credentials.Anonymous());
    CredentialSource broken = config("{");
    assertThatThrownBy(() -> broken.find("x"))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("config.json is not valid JSON");
  }

  @Test
  void aMissingHelperIsNamed() throws IOException {
    CredentialSource source = config("{\"credsStore\":\"slipway-none\"}");
    assertThatThrownBy(() -> source.find("x"))
        .hasMessage(
            "error getting credentials - err: exec: \"docker-credential-slipway-none\":"
                + " executable file not found in $PATH, program: docker-credential-slipway-none");
    CredentialSource path = config("{\"credsStore\":\"../x\"}");
    assertThatThrownBy(() -> path.find("x")).hasMessageContaining("invalid credential helper");
  }

  @Test
  void readsTheHeadersOfDockerClients() {
    assertThat(RegistryAuthHeader.parseAuth("e30=")).isEqualTo(new Credentials.Anonymous());
    assertThat(RegistryAuthHeader.parseAuth("")).isEqualTo(new Credentials.Anonymous());
    String json = "{\"username\":\"ü~\",\"password\":\"?>p\",\"serveraddress\":\"h\"}";
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    Credentials expected = new Credentials.Basic("ü~", "?>p");
    assertThat(RegistryAuthHeader.parseAuth(Base64.getUrlEncoder().encodeToString(bytes)))
        .isEqualTo(expected);
    assertThat(
            RegistryAuthHeader.parseAuth(
                Base64.getEncoder().withoutPadding().encodeToString(bytes)))
        .isEqualTo(expected);
    assertThatThrownBy(() -> RegistryAuthHeader.parseAuth("***"))
        .hasMessage("header X-Registry-Auth cannot be read");
    String map = "{\"https://index.docker.io/v1/\":" + json + "}";
    CredentialSource source =
        RegistryAuthHeader.parseConfig(
            Base64.getUrlEncoder().encodeToString(map.getBytes(StandardCharsets.UTF_8)));
    assertThat(source.find("docker.io")).isEqualTo(expected);
    assertThat(source.find("other")).isEqualTo(new Credentials.Anonymous());
  }

  @Test
  void secretsAreNotPrinted() {
    assertThat(
            List.of(
                    new Credentials.Basic("me", "hush"),
                    new Credentials.IdentityToken("hush"),
                    new Credentials.RegistryToken("hush"))
                .toString())
        .doesNotContain("hush");
  }
}
