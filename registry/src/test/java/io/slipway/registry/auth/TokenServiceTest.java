package io.slipway.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.image.error.SlipwayException;
import io.slipway.registry.auth.jwt.Forge;
import io.slipway.registry.config.Action;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.config.SettingsReader;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RepositoryName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole of access control: users, keys, policies, our own tokens and those of others. */
class TokenServiceTest {
  private static final KeyPair CI = Forge.ec("secp256r1");

  @TempDir Path folder;
  private final StoppedClock clock = new StoppedClock();
  private final List<String> notices = new ArrayList<>();
  private AccessControl access;

  @BeforeEach
  void open() throws IOException {
    Files.writeString(
        folder.resolve("users"),
        PasswordTest.line("2y", "ann", "secret")
            + PasswordTest.line("2y", "bob", "secret")
            + PasswordTest.line("2y", "eve", "secret"));
    Files.writeString(folder.resolve("ci.json"), Forge.jwks(CI, "\"kid\":\"ci\","));
    Files.writeString(
        folder.resolve("r.yaml"),
        """
        data-root: data
        auth:
          scheme: token
          htpasswd: users
          groups: {devs: [ann]}
          issuers:
            - {issuer: 'https://ci', audience: [registry], jwks: ci.json, user-prefix: 'ci:', groups-claim: roles}
          policies:
            - {repositories: ['public/**'], anonymous: true, actions: [pull]}
            - {repositories: ['team/*', 'a'], groups: [devs], actions: [pull, push]}
            - {repositories: ['team/app'], users: [ann], actions: [delete]}
            - {repositories: ['team/app'], users: ['*'], actions: [pull]}
            - {repositories: ['ci/**'], users: ['ci:job'], groups: [builders], actions: [push, pull]}
        """);
    access = open(folder.resolve("r.yaml"));
  }

  private AccessControl open(Path file) {
    RegistrySettings settings = SettingsReader.read(Optional.of(file), Map.of(), Map.of());
    return AccessControl.open(settings.auth(), settings.dataRoot(), clock, notices::add);
  }

  private static String basic(String user, String password) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode issue(String authorization, String... scopes) throws IOException {
    return issue(new TokenRequest.Proof.Header(authorization, Optional.empty()), false, scopes);
  }

  private JsonNode issue(TokenRequest.Proof proof, boolean offline, String... scopes)
      throws IOException {
    TokenRequest request = new TokenRequest(proof, "slipway-registry", List.of(scopes), offline);
    return new ObjectMapper().readTree(access.tokens().orElseThrow().issue(request).json());
  }

  private Decision ask(String authorization, String repository, Action... actions) {
    Set<Action> all = EnumSet.noneOf(Action.class);
    all.addAll(List.of(actions));
    AccessRequest request =
        new AccessRequest(
            authorization,
            Optional.empty(),
            () -> "https://r:5000",
            Optional.of(repository).filter(r -> !r.isEmpty()).map(RepositoryName::new),
            all);
    Decision decision = access.authorizer().decide(request);
    access
        .authorizer()
        .decideNow(request)
        .ifPresent(now -> assertThat(now).as("the same from memory").isEqualTo(decision));
    return decision;
  }

  private boolean may(String authorization, String repository, Action... actions) {
    return ask(authorization, repository, actions) instanceof Decision.Granted;
  }

  private static String bearer(JsonNode answer) {
    return "Bearer " + answer.path("token").asText();
  }

  /** What each user may do in each repository. */
  @ParameterizedTest
  @CsvSource({
    "ann, team/app,        pull push delete",
    "ann, team/other,      pull push",
    "ann, team/deep/er,    ''",
    "ann, public/x/y,      pull",
    "ann, a,               pull push",
    "ann, ab,              ''",
    "bob, team/app,        pull",
    "bob, team/other,      ''",
    "bob, public/x,        pull",
    "bob, public,          ''",
    "'',  public/x,        pull",
    "'',  team/app,        ''"
  })
  void policiesDecide(String user, String repository, String actions) throws IOException {
    String header = user.isEmpty() ? "" : basic(user, "secret");
    JsonNode answer = issue(header, "repository:" + repository + ":pull,push,delete");
    List<String> granted = new ArrayList<>();
    answer
        .path("scope")
        .asText()
        .lines()
        .forEach(s -> granted.addAll(List.of(s.substring(s.lastIndexOf(':') + 1).split(","))));
    assertThat(String.join(" ", granted)).isEqualTo(actions);
    for (Action action : Action.values()) {
      boolean allowed = actions.contains(action.name().toLowerCase(java.util.Locale.ROOT));
      assertThat(may(bearer(answer), repository, action)).isEqualTo(allowed);
      if (!user.isEmpty()) {
        assertThat(may(header, repository, action)).isEqualTo(allowed);
      }
    }
  }

  @Test
  void challengesNameWhatIsWanted() throws IOException {
    assertThat(ask("", "team/app", Action.PULL, Action.PUSH))
        .isEqualTo(
            new Decision.Challenged(
                "Bearer realm=\"https://r:5000/token\",service=\"slipway-registry\","
                    + "scope=\"repository:team/app:pull,push\"",
                "authentication required",
                false));
    assertThat(((Decision.Challenged) ask("", "")).challenge()).doesNotContain("scope");
    String unscoped = bearer(issue(basic("bob", "secret")));
    assertThat(((Decision.Challenged) ask(unscoped, "", Action.PULL)).challenge())
        .contains("scope=\"registry:catalog:*\"");
    assertThat(may("", "public/x", Action.PULL)).as("without a token").isTrue();
    assertThat(((Decision.Challenged) ask("Bearer x.y.z", "a", Action.PULL)).challenge())
        .endsWith(",error=\"invalid_token\"");
    String token = bearer(issue(basic("bob", "secret"), "repository:team/app:pull"));
    assertThat(((Decision.Challenged) ask(token, "team/app", Action.PUSH)).challenge())
        .endsWith(",error=\"insufficient_scope\"");
    assertThat(ask(basic("bob", "secret"), "team/app", Action.PUSH))
        .isInstanceOf(Decision.Denied.class);
    assertThat(may(token, "")).as("the version check").isTrue();
    assertThat(may(bearer(issue("")), "")).as("of nobody").isTrue();
  }

  @Test
  void aTokenIsGoodForItsScopeOnly() throws IOException {
    JsonNode answer =
        issue(
            basic("ann", "secret"),
            "repository:team/app:pull,fly",
            "repository:team/other:*",
            "repository:team/deep/er:pull",
            "repository:localhost:5000/x:pull",
            "repository(plugin):team/app:pull",
            "nonsense",
            "a:b",
            "registry:catalog:*");
    assertThat(answer.path("scope").asText())
        .isEqualTo("repository:team/app:pull repository:team/other:pull,push registry:catalog:*");
    assertThat(answer.path("access_token")).isEqualTo(answer.path("token"));
    assertThat(answer.path("expires_in").asInt()).isEqualTo(300);
    assertThat(answer.path("issued_at").asText()).isEqualTo("1970-01-12T13:46:40Z");
    assertThat(answer.has("refresh_token")).isFalse();
    String token = bearer(answer);
    assertThat(may(token, "team/app", Action.PULL)).isTrue();
    assertThat(may(token, "team/app", Action.PUSH)).isFalse();
    assertThat(may(token, "team/app", Action.PULL, Action.PUSH)).isFalse();
    assertThat(may(token, "team/other", Action.PULL, Action.PUSH)).isTrue();
    assertThat(may(token, "a", Action.PULL)).as("may, but did not ask").isFalse();
    assertThat(may(token, "", Action.PULL)).as("catalog").isTrue();
    assertThat(may(bearer(issue(basic("ann", "secret"))), "", Action.PULL)).isFalse();
    clock.now = clock.now.plus(Duration.ofMinutes(5)).plusSeconds(61);
    assertThat(may(token, "team/app", Action.PULL)).as("expired").isFalse();
  }

  @Test
  void theCatalogShowsWhatMayBePulled() throws IOException {
    for (String header :
        List.of(
            basic("bob", "secret"), bearer(issue(basic("bob", "secret"), "registry:catalog:*")))) {
      AccessRequest list =
          new AccessRequest(
              header, Optional.empty(), () -> "", Optional.empty(), Set.of(Action.PULL));
      assertThat(access.authorizer().decide(list)).isInstanceOf(Decision.Granted.class);
      assertThat(
              List.of("a", "public/x", "team/app", "team/other").stream()
                  .filter(n -> access.authorizer().visible(list).test(new RepositoryName(n))))
          .containsExactly("public/x", "team/app");
    }
  }

  @Test
  void wrongCredentialsGetNoToken() {
    for (String wrong :
        List.of(basic("ann", "x"), basic("zoe", "secret"), "Basic !", "Bearer a.b.c", "Foo x")) {
      assertThatThrownBy(() -> issue(wrong)).as(wrong).isInstanceOf(RegistryFault.class);
    }
    assertThatThrownBy(() ->
            access
                .tokens()
                .orElseThrow()
                .issue(
                    new TokenRequest(
                        new TokenRequest.Proof.Header("", Optional.empty()),
                        "another",
                        List.of(),
                        false)))
        .hasMessageContaining("another service");
    assertThatThrownBy(
            () -> {
              String token = bearer(issue(basic("ann", "secret"), "repository:team/app:pull"));
              issue(token, "repository:team/app:delete");
            })
        .as("a token is no way to a better one")
        .isInstanceOf(RegistryFault.class);
  }

  @Test
  void refreshTokensEndWithThePassword() throws IOException {
    JsonNode first =
        issue(new TokenRequest.Proof.Password("bob", "secret"), true, "repository:team/app:pull");
    String refresh = first.path("refresh_token").asText();
    assertThat(may("Bearer " + refresh, "team/app", Action.PULL)).as("no access token").isFalse();
    JsonNode second =
        issue(new TokenRequest.Proof.Refresh(refresh), false, "repository:public/a:pull,push");
    assertThat(second.path("scope").asText()).isEqualTo("repository:public/a:pull");
    assertThat(second.path("refresh_token").asText()).isEqualTo(refresh);
    for (String bad : List.of("", "x", first.path("token").asText(), refresh + "A")) {
      assertThatThrownBy(() -> issue(new TokenRequest.Proof.Refresh(bad), false))
          .isInstanceOf(RegistryFault.class);
    }
    assertThat(issue("", "repository:public/a:pull").has("refresh_token")).isFalse();
    HtpasswdFile.put(folder.resolve("users"), "bob", "changed");
    clock.now = clock.now.plusSeconds(3);
    assertThatThrownBy(() -> issue(new TokenRequest.Proof.Refresh(refresh), false))
        .isInstanceOf(RegistryFault.class);
    assertThat(issue(basic("bob", "changed"), "repository:team/app:pull").path("scope").asText())
        .isNotEmpty();
  }

  @Test
  void refreshTokensEndWithTheirTimeTheirUserAndWithTheKey() throws IOException {
    String ann = refresh("ann");
    String bob = refresh("bob");
    String granted = "repository:team/app:pull";
    for (String refresh : List.of(ann, bob)) {
      assertThat(issue(new TokenRequest.Proof.Refresh(refresh), false, granted).path("scope"))
          .hasToString("\"" + granted + "\"");
    }
    HtpasswdFile.remove(folder.resolve("users"), "bob");
    clock.now = clock.now.plusSeconds(3);
    assertRefused(bob);
    clock.now = clock.now.plus(Duration.ofDays(29));
    String late = issue(new TokenRequest.Proof.Refresh(ann), false, granted).path("token").asText();
    assertThat(may("Bearer " + late, "team/app", Action.PULL)).isTrue();
    clock.now = clock.now.plus(Duration.ofDays(1)).plusSeconds(120);
    assertRefused(ann);
    String again = refresh("ann");
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path key : files.filter(f -> f.toString().endsWith(".pem")).toList()) {
        Files.delete(key);
      }
    }
    access = open(folder.resolve("r.yaml"));
    assertRefused(again);
  }

  private String refresh(String user) throws IOException {
    return issue(new TokenRequest.Proof.Password(user, "secret"), true)
        .path("refresh_token")
        .asText();
  }

  private void assertRefused(String refresh) {
    assertThatThrownBy(() -> issue(new TokenRequest.Proof.Refresh(refresh), false))
        .isInstanceOf(RegistryFault.class);
  }

  @Test
  void apiKeysStandForTheirUserWithinBounds() throws IOException {
    Path keys = ApiKeyFile.path(folder.resolve("data"));
    ApiKeyFile.Created whole = create(keys, "ann", Optional.empty(), List.of(), Set.of());
    ApiKeyFile.Created part =
        create(
            keys, "ann", Optional.of(Duration.ofHours(1)), List.of("team/**"), Set.of(Action.PULL));
    assertThat(Files.readString(keys)).doesNotContain(whole.text().substring(15));
    assertThat(Files.getPosixFilePermissions(keys)).hasSize(2);
    clock.now = clock.now.plusSeconds(3);
    String all = basic("ann", whole.text());
    assertThat(may(all, "team/app", Action.PULL, Action.DELETE)).isTrue();
    assertThat(may("Bearer " + whole.text(), "team/app", Action.DELETE)).isTrue();
    assertThat(may(basic("bob", whole.text()), "team/app", Action.PULL)).isFalse();
    assertThat(may(basic("ann", whole.text() + "0"), "team/app", Action.PULL)).isFalse();
    String some = basic("ann", part.text());
    assertThat(may(some, "team/app", Action.PULL)).isTrue();
    assertThat(may(some, "team/app", Action.PUSH)).isFalse();
    assertThat(may(some, "a", Action.PULL)).isFalse();
    assertThat(issue(some, "repository:team/app:pull,push", "registry:catalog:*").path("scope"))
        .hasToString("\"repository:team/app:pull\"");
    assertThat(ApiKeyFile.revoke(keys, whole.key().id())).isTrue();
    assertThat(ApiKeyFile.revoke(keys, whole.key().id())).isFalse();
    clock.now = clock.now.plusSeconds(3);
    assertThat(may(all, "team/app", Action.PULL)).as("revoked").isFalse();
    assertThat(may(some, "team/app", Action.PULL)).isTrue();
    clock.now = clock.now.plus(Duration.ofHours(1));
    assertThat(may(some, "team/app", Action.PULL)).as("expired").isFalse();
    assertThat(notices).isEmpty();
  }

  private ApiKeyFile.Created create(
      Path file, String user, Optional<Duration> life, List<String> names, Set<Action> actions) {
    return ApiKeyFile.create(
        file,
        user,
        life.map(clock.now::plus),
        new ApiKeyBounds(names.stream().map(NamePattern::parse).toList(), actions, "note"),
        clock.now);
  }

  @Test
  void tokensOfOthersNameUsersOrGrant() {
    String header = "{\"alg\":\"ES256\",\"kid\":\"ci\"}";
    String base = "{\"iss\":\"https://ci\",\"aud\":\"registry\",\"exp\":1000600";
    String job = "Bearer " + forge(header, base + ",\"sub\":\"job\"}");
    assertThat(may(job, "ci/x", Action.PUSH)).isTrue();
    assertThat(ask(job, "ci/x", Action.PULL)).isEqualTo(new Decision.Granted("ci:job"));
    assertThat(may(job, "team/other", Action.PULL)).isFalse();
    String ann = "Bearer " + forge(header, base + ",\"sub\":\"ann\"}");
    assertThat(may(ann, "team/app", Action.PUSH)).as("not our ann").isFalse();
    String group = base + ",\"sub\":\"other\",\"roles\":[\"x\",\"builders\"]}";
    assertThat(may("Bearer " + forge(header, group), "ci/y", Action.PUSH)).isTrue();
    String granting =
        base
            + ",\"access\":[{\"type\":\"repository\",\"name\":\"z\",\"actions\":[\"pull\"]},"
            + "{\"type\":\"repository\",\"name\":\"w/*\",\"actions\":[\"*\"]}]}";
    String grant = "Bearer " + forge(header, granting);
    assertThat(may(grant, "z", Action.PULL)).isTrue();
    assertThat(may(grant, "z", Action.PUSH)).isFalse();
    assertThat(may(grant, "w/x", Action.PULL)).as("a star is no wild card in a token").isFalse();
    assertThat(may("Bearer " + forge(header, base + "}"), "public/x", Action.PULL))
        .as("names nobody, grants nothing")
        .isFalse();
    String ours = base.replace("https://ci", "slipway").replace("registry", "slipway-registry");
    assertThat(may("Bearer " + forge(header, ours + ",\"sub\":\"ann\"}"), "a", Action.PULL))
        .as("signed by another issuer's key")
        .isFalse();
  }

  private static String forge(String header, String claims) {
    return Forge.token(header, claims, "ES256", CI.getPrivate());
  }

  @Test
  void settingsThatCannotWorkAreRefused() throws IOException {
    String anonymous =
        "data-root: d\nauth: {policies: [{repositories: [a], anonymous: true, actions: [pull]}]}";
    for (String bad :
        List.of(
            anonymous,
            "data-root: d\nauth: {issuers: [{issuer: x}]}",
            "data-root: d\nauth: {scheme: token, issuers: [{issuer: slipway, jwks: ci.json}]}",
            "data-root: d\nauth: {issuers: [{issuer: x, jwks: absent.json}]}",
            "data-root: d\nauth: {scheme: none, htpasswd: users}",
            "data-root: d\nauth: {policies: [{repositories: ['A'], users: [a], actions: [pull]}]}",
            "data-root: d\nauth: {policies: [{repositories: [a], actions: [pull]}]}",
            "data-root: d\nauth: {token: {life: 5s}}")) {
      Path file = Files.writeString(folder.resolve("bad.yaml"), bad);
      assertThatThrownBy(() -> open(file)).as(bad).isInstanceOf(SlipwayException.class);
    }
  }
}
