package io.slipway.image.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CredentialHelperTest {
  @TempDir private Path root;

  @BeforeEach
  void install() throws IOException {
    Path program = root.resolve("docker-credential-test");
    Files.writeString(
        program,
        """
        #!/bin/sh
        [ "$1" = get ] || exit 2
        read -r server
        case "$server" in
          h:5000) echo '{"ServerURL":"h:5000","Username":"me","Secret":"s\\u00fc"}' ;;
          token) echo '{"Username":"<token>","Secret":"refresh"}' ;;
          https://index.docker.io/v1/) echo '{"Username":"hub","Secret":"x"}' ;;
          *) echo 'credentials not found in native keychain'; exit 1 ;;
        esac
        """);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private CredentialSource config(String json) throws IOException {
    Files.writeString(root.resolve("config.json"), json);
    return DockerConfigCredentials.of(
        Map.of("DOCKER_CONFIG", root.toString(), "PATH", "/nowhere:" + root));
  }

  @Test
  void asksTheHelper() throws IOException {
    CredentialSource source =
        config(
            "{\"credsStore\":\"test\","
                + "\"auths\":{\"file\":{\"username\":\"u\",\"password\":\"p\"}}}");
    assertThat(source.find("h:5000")).isEqualTo(new Credentials.Basic("me", "sü"));
    assertThat(source.find("token")).isEqualTo(new Credentials.IdentityToken("refresh"));
    assertThat(source.find("docker.io")).isEqualTo(new Credentials.Basic("hub", "x"));
    assertThat(source.find("unknown")).isEqualTo(new Credentials.Anonymous());
    assertThat(source.find("file")).isEqualTo(new Credentials.Basic("u", "p"));
  }

  @Test
  void aHelperForOneRegistry() throws IOException {
    CredentialSource source = config("{\"credHelpers\":{\"h:5000\":\"test\"}}");
    assertThat(source.find("h:5000")).isEqualTo(new Credentials.Basic("me", "sü"));
    assertThat(source.find("token")).isEqualTo(new Credentials.Anonymous());
  }
}
