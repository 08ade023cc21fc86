package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.json;
import static io.slipway.registry.http.RegistryFixture.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.remote.FakeRegistry;
import io.slipway.registry.admin.AdminRequest;
import io.slipway.registry.admin.RegistryAdmin;
import io.slipway.registry.auth.jwt.TestAuthority;
import io.slipway.registry.config.ListenAddress;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.config.RegistrySettings;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.config.UpstreamSettings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mirror has from its upstream beside the images: repairs, referrers, trust. */
class MirrorRepairTest {
  private static final int SIZE = 300_000;

  @TempDir Path folder;

  private Path root() {
    return folder.resolve("mirror");
  }

  private RegistryFixture mirror(String registry, boolean plain, Optional<Path> ca) {
    return RegistryFixture.mirror(
        root(),
        new MirrorSettings(
            List.of(
                new UpstreamSettings(
                    "hub",
                    registry,
                    Optional.empty(),
                    plain,
                    Optional.empty(),
                    Optional.empty(),
                    ca)),
            Duration.ZERO,
            Duration.ofDays(1),
            Duration.ofSeconds(60)));
  }

  private void flip(Digest digest) throws IOException {
    Path file = root().resolve("blobs/sha256").resolve(digest.hex());
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
  }

  private List<String> scrub() throws InterruptedException {
    List<String> lines = new ArrayList<>();
    RegistryAdmin.run(
        root(), UpkeepSettings.defaults(), new AdminRequest.Scrub("", ""), lines::add);
    return lines;
  }

  @Test
  void theScrubFetchesDamagedContentAgain() throws Exception {
    byte[] layer = random(SIZE);
    try (FakeRegistry upstream = new FakeRegistry();
        RegistryFixture mirror = mirror(upstream.domain(), true, Optional.empty())) {
      upstream.putBlob("a", layer);
      byte[] manifest =
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[]}"
              .formatted(
                  MediaTypes.OCI_MANIFEST,
                  RegistryFixture.descriptor(MediaTypes.OCI_CONFIG, Digest.of(layer), SIZE))
              .getBytes(StandardCharsets.UTF_8);
      upstream.putManifest("a", "1", MediaTypes.OCI_MANIFEST, manifest);
      upstream.putManifest("a", Digest.of(manifest).toString(), MediaTypes.OCI_MANIFEST, manifest);
      String blob = "/v2/hub/a/blobs/" + Digest.of(layer);
      mirror.get("/v2/hub/a/manifests/1");
      assertThat(mirror.get(blob).body()).isEqualTo(layer);
      byte[] own = random(SIZE + 1);
      mirror.pushBlob("own", own);

      flip(Digest.of(layer));
      flip(Digest.of(manifest));
      assertThat(scrub())
          .contains(
              "damaged: " + Digest.of(layer) + ", held by hub/a: fetched again",
              "damaged: " + Digest.of(manifest) + ", held by hub/a: fetched again")
          .last()
          .asString()
          .endsWith("2 damaged, of which 2 were fetched again");
      assertThat(upstream.count("GET /v2/a/blobs/")).isEqualTo(2);
      assertThat(scrub()).singleElement().asString().endsWith("0 damaged");
      mirror.restart();

      flip(Digest.of(layer));
      flip(Digest.of(own));
      AtomicBoolean failing = new AtomicBoolean(true);
      upstream.onRequest(
          "/v2/a/",
          exchange ->
              failing.get() && FakeRegistry.error(exchange, 503, "UNAVAILABLE", "maintenance"));
      assertThatThrownBy(this::scrub)
          .isInstanceOf(SlipwayException.class)
          .hasMessage("2 damaged contents wait to be pushed again");
      failing.set(false);
      mirror.pushBlob("own", own);
      assertThat(scrub().getLast()).endsWith("1 damaged, of which 1 were fetched again");
      assertThat(mirror.get(blob).body()).isEqualTo(layer);
      assertThat(mirror.get("/v2/hub/a/manifests/" + Digest.of(manifest)).body())
          .isEqualTo(manifest);
    }
  }

  @SuppressWarnings("try") // the upstream goes away in the middle
  @Test
  void referrersAreThoseOfTheUpstream() throws Exception {
    try (RegistryFixture upstream = RegistryFixture.open(folder.resolve("upstream"));
        RegistryFixture mirror = mirror(upstream.address().toString(), true, Optional.empty())) {
      Digest subject = upstream.pushImage("a", "1", "app");
      String list = "/v2/hub/a/referrers/" + subject;
      assertThat(json(mirror.get(list)).at("/manifests")).isEmpty();
      String field =
          ",\"subject\":" + RegistryFixture.descriptor(MediaTypes.OCI_MANIFEST, subject, 1);
      List<String> expected = new ArrayList<>();
      for (String type : List.of("a/sbom", "a/signature", "a/sbom")) {
        byte[] referrer =
            upstream.imageManifest(
                "a", type + expected.size(), field + ",\"artifactType\":\"" + type + "\"");
        expected.add(Digest.of(referrer).toString());
        upstream.putManifest("a", expected.getLast(), referrer);
      }
      JsonNode all = json(mirror.get(list)).at("/manifests");
      assertThat(all).hasSize(3);
      HttpResponse<byte[]> some = mirror.get(list + "?artifactType=a/sbom&n=1");
      assertThat(header(some, "OCI-Filters-Applied")).isEqualTo("artifactType");
      assertThat(json(some).at("/manifests")).hasSize(1);
      HttpResponse<byte[]> rest = mirror.get(ListHttpTest.next(some));
      assertThat(json(rest).at("/manifests")).hasSize(1);
      assertThat(ListHttpTest.next(rest)).isNull();
      assertThat(mirror.get("/v2/hub/a/manifests/" + expected.getFirst()).statusCode())
          .isEqualTo(200);
      upstream.close();
      assertThat(json(mirror.get(list)).at("/manifests")).as("as last known").isEqualTo(all);
      mirror.restart();
      assertThat(json(mirror.get(list)).at("/manifests"))
          .as("what is here")
          .hasSize(1)
          .first()
          .satisfies(one -> assertThat(one.at("/digest").asText()).isEqualTo(expected.getFirst()));
    }
  }

  @Test
  void anUpstreamsOwnAuthorityIsASetting() throws Exception {
    try (RegistryFixture plain = RegistryFixture.open(folder.resolve("upstream"))) {
      plain.pushImage("a", "1", "app");
    }
    try (RegistryServer upstream =
        RegistryServer.open(
            RegistrySettings.of(
                ListenAddress.parse("127.0.0.1:0"),
                folder.resolve("upstream"),
                Map.of("tls.mode", "auto")),
            line -> {})) {
      String registry = upstream.address().toString();
      Path ca = folder.resolve("upstream/tls/ca.crt");
      try (RegistryFixture mirror = mirror(registry, false, Optional.of(ca))) {
        assertThat(mirror.get("/v2/hub/a/manifests/1").statusCode()).isEqualTo(200);
      }
      TestAuthority other = new TestAuthority();
      Path wrong = folder.resolve("wrong.pem");
      Files.writeString(wrong, TestAuthority.pem(other.certificate()));
      try (RegistryFixture mirror = mirror(registry, false, Optional.of(wrong))) {
        assertError(mirror.get("/v2/hub/a/manifests/2"), 503, "UNAVAILABLE");
      }
    }
    assertThatThrownBy(() -> mirror("registry.example", false, Optional.of(folder.resolve("no"))))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("cannot read ca " + folder.resolve("no"));
    assertThatThrownBy(() -> mirror("registry.example", true, Optional.of(folder)))
        .hasMessageContaining("no use for a ca");
  }
}
