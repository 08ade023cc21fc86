package io.slipway.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.registry.config.Action;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.store.RepositoryName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordTest {
  private static final int CHEAP = 4;

  @TempDir Path folder;
  private final List<String> notices = new ArrayList<>();
  private final StoppedClock clock = new StoppedClock();
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("users");
    Files.writeString(file, "# users\n\n" + line("2y", "ann", "secret") + line("2b", "bob", "x:y"));
  }

  static String line(String version, String user, String password) {
    byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    String hash = OpenBSDBCrypt.generate(version, password.toCharArray(), salt, CHEAP);
    return user + ":" + hash + "\n";
  }

  private Authorizer open() {
    RegistrySettings settings =
        RegistrySettings.of(
            ListenAddress.parse(":0"),
            folder,
            Map.of("auth.htpasswd", file.toString(), "auth.realm", "test"));
    return AccessControl.open(settings.auth(), folder, clock, notices::add).authorizer();
  }

  private static AccessRequest request(String userAndPassword) {
    String encoded =
        Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    return raw("Basic " + encoded);
  }

  private static AccessRequest raw(String header) {
    return new AccessRequest(
        header,
        Optional.empty(),
        () -> "http://r",
        Optional.of(new RepositoryName("a")),
        Set.of(Action.PULL));
  }

  @Test
  void knownUsersMayAndTheirPasswordMayHoldAColon() {
    Authorizer authorizer = open();
    assertThat(authorizer.decide(request("ann:secret"))).isEqualTo(new Decision.Granted("ann"));
    assertThat(authorizer.decide(request("bob:x:y"))).isEqualTo(new Decision.Granted("bob"));
  }

  @Test
  void everythingElseIsChallenged() {
    Authorizer authorizer = open();
    for (String wrong : List.of("ann:wrong", "eve:secret", ":", "ann:", "bob:x", "ann:secret\0")) {
      assertThat(authorizer.decide(request(wrong)))
          .as(wrong)
          .isInstanceOfSatisfying(
              Decision.Challenged.class,
              c -> assertThat(c.challenge()).isEqualTo("Basic realm=\"test\""));
    }
    for (String header : List.of("", "Basic", "Basic !!!", "Digest abc", "Basic YWJj")) {
      assertThat(authorizer.decide(raw(header))).isInstanceOf(Decision.Challenged.class);
      assertThat(authorizer.decideNow(raw(header)).orElseThrow())
          .isInstanceOf(Decision.Challenged.class);
    }
  }

  @Test
  void verifiedCredentialsAreDecidedAtOnceForAWhile() {
    Authorizer authorizer = open();
    assertThat(authorizer.decideNow(request("ann:secret"))).isEmpty();
    authorizer.decide(request("ann:secret"));
    assertThat(authorizer.decideNow(request("ann:secret"))).contains(new Decision.Granted("ann"));
    assertThat(authorizer.decideNow(request("ann:other"))).isEmpty();
    clock.now = clock.now.plus(Duration.ofHours(1));
    assertThat(authorizer.decideNow(request("ann:secret"))).isEmpty();
  }

  @Test
  void aChangedFileTakesEffect() throws IOException {
    Authorizer authorizer = open();
    authorizer.decide(request("ann:secret"));
    Files.writeString(file, line("2a", "ann", "changed password"));
    clock.now = clock.now.plusSeconds(3);
    assertThat(authorizer.decideNow(request("ann:secret"))).isEmpty();
    assertThat(authorizer.decide(request("ann:secret"))).isInstanceOf(Decision.Challenged.class);
    assertThat(authorizer.decide(request("ann:changed password")))
        .isInstanceOf(Decision.Granted.class);
    assertThat(authorizer.decide(request("bob:x:y"))).isInstanceOf(Decision.Challenged.class);
    assertThat(notices).isEmpty();
  }

  @Test
  void aBrokenFileKeepsTheUsersAndIsReported() throws IOException {
    Authorizer authorizer = open();
    Files.writeString(file, "garbage");
    clock.now = clock.now.plusSeconds(3);
    assertThat(authorizer.decide(request("ann:secret"))).isInstanceOf(Decision.Granted.class);
    Files.delete(file);
    clock.now = clock.now.plusSeconds(3);
    assertThat(authorizer.decide(request("ann:secret"))).isInstanceOf(Decision.Granted.class);
    assertThat(notices).hasSize(2).first().asString().contains("line 1");
  }

  @Test
  void unusableFilesAreNamedWithTheLine() throws IOException {
    Files.writeString(file, "ok:" + line("2y", "x", "y").substring(2) + "old:{SHA}abc\n");
    assertThatThrownBy(this::open)
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("users line 2")
        .hasMessageContaining("bcrypt");
    file = folder.resolve("absent");
    assertThatThrownBy(this::open)
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("cannot read password file");
  }
}
