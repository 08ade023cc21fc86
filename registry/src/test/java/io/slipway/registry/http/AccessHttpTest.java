package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.json;
import static io.slipway.registry.http.RegistryFixture.random;
import static io.slipway.registry.http.RegistryFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipway.image.model.Digest;
import io.slipway.registry.auth.HtpasswdFile;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access and operations as clients see them. */
class AccessHttpTest {
  private static final String ANN =
      "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes());
  private static final String BOB =
      "Basic " + Base64.getEncoder().encodeToString("bob:secret".getBytes());
  private static final String WRONG =
      "Basic " + Base64.getEncoder().encodeToString("ann:guess".getBytes());
  private static final String POLICIES =
      "[{repositories: ['**'], users: [ann], actions: [pull, push, delete]},"
          + " {repositories: ['open/**'], users: [bob], anonymous: true, actions: [pull]}]";

  @TempDir Path folder;

  private RegistryFixture open(Map<String, String> more) {
    Path users = folder.resolve("users");
    HtpasswdFile.put(users, "ann", "secret");
    HtpasswdFile.put(users, "bob", "secret");
    Map<String, String> all = new java.util.HashMap<>(more);
    all.put("auth.htpasswd", users.toString());
    return RegistryFixture.open(folder.resolve("root"), all);
  }

  private RegistryFixture withTokens() {
    return open(
        Map.of(
            "auth.scheme",
            "token",
            "auth.policies",
            POLICIES,
            "log.access",
            "true",
            "log.audit",
            folder.resolve("audit.jsonl").toString()));
  }

  private static String token(RegistryFixture registry, String authorization, String scope) {
    String target = "/token?service=slipway-registry&client_id=x&scope=" + scope;
    HttpResponse<byte[]> answer =
        authorization.isEmpty()
            ? registry.get(target)
            : registry.get(target, "Authorization", authorization);
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
    assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    return "Bearer " + json(answer).path("token").asText();
  }

  private static HttpResponse<byte[]> push(
      RegistryFixture registry, String repository, String authorization) {
    byte[] blob = random(50);
    String target = "/v2/" + repository + "/blobs/uploads/?digest=" + Digest.of(blob);
    return registry.send("POST", target, blob, "Authorization", authorization);
  }

  @Test
  void theTokenFlow() throws IOException {
    try (RegistryFixture registry = withTokens()) {
      HttpResponse<byte[]> refused = registry.get("/v2/");
      assertError(refused, 401, "UNAUTHORIZED");
      assertThat(header(refused, "WWW-Authenticate"))
          .isEqualTo(
              "Bearer realm=\"http://"
                  + registry.address()
                  + "/token\",service=\"slipway-registry\"");
      HttpResponse<byte[]> proxied =
          registry.get("/v2/", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "r.example");
      assertThat(header(proxied, "WWW-Authenticate")).contains("\"https://r.example/token\"");
      String all = token(registry, ANN, "repository:team/a:pull,push&scope=repository:open/x:push");
      assertThat(push(registry, "team/a", all).statusCode()).isEqualTo(201);
      assertThat(push(registry, "open/x", all).statusCode())
          .as("not asked for pull")
          .isEqualTo(401);
      String blob = "/v2/team/a/blobs/" + Digest.of(random(50));
      assertThat(registry.get(blob, "Authorization", all).statusCode()).isEqualTo(200);
      assertError(registry.get(blob), 401, "UNAUTHORIZED");
      assertError(registry.get(blob, "Authorization", BOB), 403, "DENIED");
      String none = token(registry, BOB, "repository:team/a:pull");
      assertError(registry.get(blob, "Authorization", none), 401, "UNAUTHORIZED");
      mountNeedsPullOnItsSource(registry);
      String catalog = token(registry, BOB, "registry:catalog:*");
      assertThat(text(registry.get("/v2/_catalog", "Authorization", catalog)))
          .isEqualTo("{\"repositories\":[\"open/y\"]}");
      String nobody = token(registry, "", "repository:open/y:pull");
      assertThat(registry.get("/v2/", "Authorization", nobody).statusCode()).isEqualTo(200);
      assertThat(json(registry.get("/token/jwks")).at("/keys/0/kty").asText()).isEqualTo("OKP");
      assertError(registry.get("/token", "Authorization", BOB + "x"), 401, "UNAUTHORIZED");
      assertThat(registry.log())
          .as("no secrets in the log")
          .noneMatch(l -> l.contains("secret") || l.contains("eyJ"))
          .anyMatch(l -> l.contains("user=\"ann\" method=POST uri=\"/v2/team/a/blobs/uploads/"));
    }
    audited();
  }

  private static void mountNeedsPullOnItsSource(RegistryFixture registry) {
    String mount = "/v2/open/y/blobs/uploads/?from=team/a&mount=" + Digest.of(random(50));
    String target = token(registry, ANN, "repository:open/y:pull,push");
    byte[] nothing = {};
    assertThat(registry.send("POST", mount, nothing, "Authorization", target).statusCode())
        .as("an upload, since the token says nothing of the source")
        .isEqualTo(202);
    String both = token(registry, ANN, "repository:open/y:pull,push&scope=repository:team/a:pull");
    assertThat(registry.send("POST", mount, nothing, "Authorization", both).statusCode())
        .isEqualTo(201);
  }

  private void audited() throws IOException {
    List<JsonNode> lines =
        Files.readAllLines(folder.resolve("audit.jsonl")).stream().map(this::parse).toList();
    assertThat(lines)
        .extracting(l -> l.path("event").asText() + " " + l.path("user").asText())
        .contains("token.issued ann", "blob.pushed ann", "denied bob", "login.failed ")
        .doesNotContain("blob.pushed bob");
    assertThat(Files.readString(folder.resolve("audit.jsonl")))
        .doesNotContain("secret")
        .doesNotContain("eyJ");
  }

  private JsonNode parse(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void theFormFlow() {
    try (RegistryFixture registry = withTokens()) {
      String form =
          "grant_type=password&service=slipway-registry&client_id=c&access_type=offline"
              + "&username=ann&password=secret&scope=repository:a:pull+repository:b:push";
      HttpResponse<byte[]> first = post(registry, form);
      assertThat(json(first).path("scope").asText())
          .isEqualTo("repository:a:pull repository:b:push");
      String refresh = json(first).path("refresh_token").asText();
      HttpResponse<byte[]> second =
          post(
              registry,
              "grant_type=refresh_token&service=slipway-registry&scope=repository:a:pull"
                  + "&refresh_token="
                  + refresh);
      assertThat(json(second).path("access_token").asText()).isNotEmpty();
      for (String bad :
          List.of("", "grant_type=x", "grant_type=refresh_token&refresh_token=x", "%", "=&=")) {
        assertThat(post(registry, bad).statusCode()).as(bad).isIn(400, 401);
      }
      assertThat(post(registry, "a=" + "b".repeat(70_000)).statusCode()).isEqualTo(413);
      assertThat(post(registry, form.replace("secret", "x")).statusCode()).isEqualTo(401);
      assertError(registry.delete("/token"), 405, "UNSUPPORTED");
    }
  }

  private static HttpResponse<byte[]> post(RegistryFixture registry, String form) {
    return registry.send(
        "POST",
        "/token",
        form.getBytes(StandardCharsets.UTF_8),
        "Content-Type",
        "application/x-www-form-urlencoded");
  }

  @Test
  void whoAsksTooMuchHasToWait() {
    try (RegistryFixture registry =
        RegistryFixture.open(folder.resolve("r"), Map.of("rates.per-address", "5/h"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(registry.get("/v2/").statusCode()).isEqualTo(200);
      }
      HttpResponse<byte[]> refused = registry.get("/v2/");
      assertError(refused, 429, "TOOMANYREQUESTS");
      assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(600, 721);
      assertThat(registry.get("/healthz").statusCode()).as("never limited").isEqualTo(200);
    }
    try (RegistryFixture registry = open(Map.of("rates.per-user", "3/h"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(registry.get("/v2/", "Authorization", ANN).statusCode()).isEqualTo(200);
      }
      HttpResponse<byte[]> refused = registry.get("/v2/", "Authorization", ANN);
      assertError(refused, 429, "TOOMANYREQUESTS");
      assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1_000, 1_201);
      assertThat(registry.get("/v2/", "Authorization", BOB).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whoWaitsAsLongAsToldIsServed() throws Exception {
    try (RegistryFixture registry =
        RegistryFixture.open(folder.resolve("r"), Map.of("rates.per-address", "2/s"))) {
      HttpResponse<byte[]> answer = registry.get("/v2/");
      for (int i = 0; i < 100 && answer.statusCode() == 200; i++) {
        answer = registry.get("/v2/");
      }
      assertError(answer, 429, "TOOMANYREQUESTS");
      Thread.sleep(Duration.ofSeconds(Long.parseLong(header(answer, "Retry-After"))));
      assertThat(registry.get("/v2/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void addressesBehindATrustedProxyAreCountedEach() {
    Map<String, String> settings =
        Map.of("rates.per-address", "2/h", "trusted-proxies", "127.0.0.1");
    try (RegistryFixture registry = RegistryFixture.open(folder.resolve("r"), settings)) {
      for (String client : List.of("192.0.2.1", "192.0.2.2")) {
        for (int i = 0; i < 2; i++) {
          assertThat(registry.get("/v2/", "X-Forwarded-For", client).statusCode()).isEqualTo(200);
        }
        assertError(registry.get("/v2/", "X-Forwarded-For", client), 429, "TOOMANYREQUESTS");
      }
    }
    try (RegistryFixture registry =
        RegistryFixture.open(folder.resolve("r"), Map.of("rates.per-address", "2/h"))) {
      registry.get("/v2/", "X-Forwarded-For", "192.0.2.1");
      registry.get("/v2/", "X-Forwarded-For", "192.0.2.2");
      assertError(registry.get("/v2/", "X-Forwarded-For", "192.0.2.3"), 429, "TOOMANYREQUESTS");
    }
  }

  @Test
  void guessingPasswordsIsSlowedDown() {
    try (RegistryFixture registry = open(Map.of("rates.failed-logins", "3/h"))) {
      assertThat(registry.get("/v2/", "Authorization", ANN).statusCode()).isEqualTo(200);
      for (int i = 0; i < 3; i++) {
        assertError(registry.get("/v2/", "Authorization", WRONG), 401, "UNAUTHORIZED");
      }
      assertError(registry.get("/v2/", "Authorization", WRONG), 429, "TOOMANYREQUESTS");
      assertError(registry.get("/v2/", "Authorization", BOB), 429, "TOOMANYREQUESTS");
      assertThat(registry.get("/v2/", "Authorization", ANN).statusCode())
          .as("known already")
          .isEqualTo(200);
    }
  }

  @Test
  void readOnlyIsSwitchedWhileItRuns() throws Exception {
    Path root = folder.resolve("root");
    try (RegistryFixture registry = RegistryFixture.open(root)) {
      Digest image = registry.pushImage("a", "1", "x");
      ReadOnlyMark.set(root, true);
      await(() -> registry.send("POST", "/v2/a/blobs/uploads/").statusCode() == 405);
      assertError(registry.delete("/v2/a/manifests/1"), 405, "UNSUPPORTED");
      assertThat(registry.get("/v2/a/manifests/" + image).statusCode()).isEqualTo(200);
      ReadOnlyMark.set(root, false);
      await(() -> registry.send("POST", "/v2/a/blobs/uploads/").statusCode() == 202);
    }
    try (RegistryFixture registry = RegistryFixture.open(root, Map.of("read-only", "true"))) {
      assertError(registry.delete("/v2/a/manifests/1"), 405, "UNSUPPORTED");
    }
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    Instant limit = Instant.now().plus(Duration.ofSeconds(30));
    while (!condition.call()) {
      assertThat(Instant.now()).isBefore(limit);
      Thread.sleep(50);
    }
  }

  @Test
  void healthAndMetrics() throws Exception {
    int port;
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (RegistryFixture registry = open(Map.of("metrics.listen", "127.0.0.1:" + port))) {
      for (String health : List.of("/healthz", "/healthz/live", "/healthz/ready")) {
        assertThat(text(registry.get(health))).isEqualTo("{\"status\":\"ok\"}");
      }
      assertError(registry.get("/metrics"), 404, "UNSUPPORTED");
      registry.get("/v2/a/tags/list", "Authorization", ANN);
      registry.get("/v2/", "Authorization", ANN + "x");
      try (java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient()) {
        String metrics =
            client
                .send(
                    java.net.http.HttpRequest.newBuilder(
                            java.net.URI.create("http://127.0.0.1:" + port + "/metrics"))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(metrics)
            .contains(
                "slipway_registry_requests_seconds_count{method=\"GET\",route=\"TagList\",status=\"404\"}"
                    + " 1")
            .contains("slipway_registry_failed_logins_total 1.0")
            .contains("jvm_memory_used_bytes");
      }
    }
  }
}
