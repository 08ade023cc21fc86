package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.assertError;
import static io.slipway.registry.http.RegistryFixture.descriptor;
import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestHttpTest {
  private static final String SUBJECT_TYPE = "application/vnd.example.sbom";

  @TempDir Path folder;
  private RegistryFixture registry;

  @BeforeEach
  void open() {
    registry = RegistryFixture.open(folder);
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void pushedByTagComesBackByTagAndDigestByteForByte() {
    byte[] manifest = registry.imageManifest("m", "x", " , \"unknown\" : { \"deep\" : [ 1 ] }");
    HttpResponse<byte[]> pushed = registry.putManifest("m", "latest", manifest);
    Digest digest = Digest.of(manifest);
    assertThat(pushed.statusCode()).isEqualTo(201);
    assertThat(header(pushed, "Location")).isEqualTo("/v2/m/manifests/" + digest);
    assertThat(header(pushed, "Docker-Content-Digest")).isEqualTo(digest.toString());
    for (String reference : List.of("latest", digest.toString(), "latest")) {
      HttpResponse<byte[]> got = registry.get("/v2/m/manifests/" + reference);
      assertThat(got.statusCode()).isEqualTo(200);
      assertThat(got.body()).isEqualTo(manifest);
      describes(got, digest, manifest.length);
      HttpResponse<byte[]> head = registry.head("/v2/m/manifests/" + reference);
      assertThat(head.body()).isEmpty();
      describes(head, digest, manifest.length);
    }
  }

  private static void describes(HttpResponse<byte[]> answer, Digest digest, int size) {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "Content-Type")).isEqualTo(MediaTypes.OCI_MANIFEST);
    assertThat(header(answer, "Content-Length")).isEqualTo("" + size);
    assertThat(header(answer, "Docker-Content-Digest")).isEqualTo(digest.toString());
    assertThat(header(answer, "ETag")).isEqualTo("\"" + digest + "\"");
  }

  @Test
  void contentTypeLosesItsParametersAndMustAgreeWithTheBody() {
    byte[] manifest = registry.imageManifest("m", "x", "");
    String type = MediaTypes.OCI_MANIFEST + "; charset=utf-8";
    assertThat(registry.putManifest("m", "a", type, manifest).statusCode()).isEqualTo(201);
    assertThat(header(registry.get("/v2/m/manifests/a"), "Content-Type"))
        .isEqualTo(MediaTypes.OCI_MANIFEST);
    assertError(
        registry.putManifest("m", "b", MediaTypes.DOCKER_MANIFEST, manifest),
        400,
        "MANIFEST_INVALID");
    assertError(registry.putManifest("m", "b", "text/plain", manifest), 400, "MANIFEST_INVALID");
  }

  @Test
  void whatIsNoManifestIsRefused() {
    for (String body : List.of("", "{", "[]", "null", "{}", "{\"schemaVersion\":1}", "\u0000")) {
      assertError(registry.putManifest("m", "t", utf8(body)), 400, "MANIFEST_INVALID");
    }
    assertError(
        registry.putManifest("m", "t", MediaTypes.DOCKER_SCHEMA1_SIGNED, utf8("{}")),
        400,
        "MANIFEST_INVALID");
    assertError(registry.putManifest("m", "t", utf8("[".repeat(100_000))), 400, "MANIFEST_INVALID");
  }

  @Test
  void missingBlobsAreNamed() {
    Digest absent = Digest.of(utf8("absent"));
    String body =
        """
        {"schemaVersion":2,"config":%s,"layers":[]}\
        """
            .formatted(descriptor(MediaTypes.OCI_CONFIG, absent, 6));
    HttpResponse<byte[]> refused = registry.putManifest("m", "t", utf8(body));
    assertError(refused, 400, "MANIFEST_BLOB_UNKNOWN");
    assertThat(json(refused).at("/errors/0/detail").asText()).isEqualTo(absent.toString());
    assertError(registry.get("/v2/m/manifests/t"), 404, "NAME_UNKNOWN");
  }

  @Test
  void foreignLayersNeedNotBeThere() {
    Digest config = registry.pushBlob("m", utf8("{}"));
    String layer =
        """
        {"mediaType":"%s","digest":"%s","size":5,"urls":["https://example.com/l"]}\
        """
            .formatted(MediaTypes.OCI_FOREIGN_LAYER, Digest.of(utf8("elsewhere")));
    String body =
        """
        {"schemaVersion":2,"config":%s,"layers":[%s]}\
        """
            .formatted(descriptor(MediaTypes.OCI_CONFIG, config, 2), layer);
    assertThat(registry.putManifest("m", "t", utf8(body)).statusCode()).isEqualTo(201);
  }

  @Test
  void byDigestItMustHaveThatDigest() {
    byte[] manifest = registry.imageManifest("m", "x", "");
    Digest wrong = Digest.of(utf8("wrong"));
    assertError(registry.putManifest("m", wrong.toString(), manifest), 400, "DIGEST_INVALID");
    assertError(
        registry.putManifest("m", "sha256:baddigeststring", manifest), 400, "DIGEST_INVALID");
    Digest sha512 = Digest.of(DigestAlgorithm.SHA512, manifest);
    HttpResponse<byte[]> pushed = registry.putManifest("m", sha512 + "?tag=five", manifest);
    assertThat(pushed.statusCode()).isEqualTo(201);
    assertThat(header(pushed, "Docker-Content-Digest")).isEqualTo(sha512.toString());
    assertThat(registry.get("/v2/m/manifests/" + sha512).body()).isEqualTo(manifest);
    assertThat(header(registry.get("/v2/m/manifests/five"), "Docker-Content-Digest"))
        .isEqualTo(sha512.toString());
    assertError(registry.get("/v2/m/manifests/" + Digest.of(manifest)), 404, "MANIFEST_UNKNOWN");
  }

  @Test
  void tagParameters() {
    byte[] manifest = registry.imageManifest("m", "x", "");
    StringBuilder query = new StringBuilder("?tag=t0");
    for (int i = 1; i < 12; i++) {
      query.append("&tag=t").append(i);
    }
    HttpResponse<byte[]> pushed =
        registry.putManifest("m", Digest.of(manifest) + "" + query, manifest);
    assertThat(pushed.statusCode()).isEqualTo(201);
    assertThat(header(pushed, "OCI-Tag").split(", ")).hasSize(12).contains("t0", "t11");
    assertThat(registry.get("/v2/m/manifests/t7").body()).isEqualTo(manifest);
    assertError(
        registry.putManifest("m", Digest.of(manifest) + "?tag=%20", manifest), 400, "TAG_INVALID");
    assertError(
        registry.putManifest("m", Digest.of(manifest) + "?" + "tag=a&".repeat(101), manifest),
        414,
        "TAG_INVALID");
  }

  @Test
  void fourMegabytesAreTakenMoreAreNot() {
    byte[] base = registry.imageManifest("m", "x", ",\"annotations\":{\"a\":\"%s\"}");
    String text = new String(base, StandardCharsets.UTF_8);
    int room = (4 << 20) - text.length() + 2;
    byte[] full = utf8(text.replace("%s", "A".repeat(room)));
    assertThat(full).hasSize(4 << 20);
    assertThat(registry.putManifest("m", "big", full).statusCode()).isEqualTo(201);
    assertThat(registry.get("/v2/m/manifests/big").body()).isEqualTo(full);
    byte[] over = utf8(text.replace("%s", "A".repeat(room + 1)));
    assertError(registry.putManifest("m", "over", over), 413, "SIZE_INVALID");
    assertThat(registry.get("/v2/m/manifests/big").statusCode()).isEqualTo(200);
  }

  @Test
  void notModifiedAndConditionalPush() {
    byte[] first = registry.imageManifest("m", "1", "");
    byte[] second = registry.imageManifest("m", "2", "");
    assertThat(registry.putManifest("m", "t", first, "If-None-Match", "*").statusCode())
        .isEqualTo(201);
    assertError(registry.putManifest("m", "t", second, "If-None-Match", "*"), 412, "DENIED");
    String etag = header(registry.get("/v2/m/manifests/t"), "ETag");
    assertThat(registry.get("/v2/m/manifests/t", "If-None-Match", etag).statusCode())
        .isEqualTo(304);
    assertError(
        registry.putManifest("m", "t", second, "If-Match", "\"" + Digest.of(second) + "\""),
        412,
        "DENIED");
    assertThat(registry.putManifest("m", "t", second, "If-Match", etag).statusCode())
        .isEqualTo(201);
    assertThat(registry.get("/v2/m/manifests/t", "If-None-Match", etag).body()).isEqualTo(second);
  }

  @Test
  void unknownNames() {
    assertError(registry.get("/v2/none/manifests/t"), 404, "NAME_UNKNOWN");
    registry.pushImage("m", "t", "x");
    assertError(registry.get("/v2/m/manifests/nope"), 404, "MANIFEST_UNKNOWN");
    assertError(registry.delete("/v2/m/manifests/nope"), 404, "MANIFEST_UNKNOWN");
    assertError(registry.get("/v2/m/manifests/" + Digest.of(utf8("x"))), 404, "MANIFEST_UNKNOWN");
    assertThat(registry.head("/v2/m/manifests/nope").statusCode()).isEqualTo(404);
  }

  @Test
  void deletesTakeEffectAtOnce() {
    Digest digest = registry.pushImage("m", "a", "x");
    registry.pushImage("m", "b", "x");
    registry.get("/v2/m/manifests/a");
    assertThat(registry.delete("/v2/m/manifests/a").statusCode()).isEqualTo(202);
    assertThat(registry.head("/v2/m/manifests/a").statusCode()).isEqualTo(404);
    assertThat(registry.head("/v2/m/manifests/b").statusCode()).isEqualTo(200);
    assertThat(registry.delete("/v2/m/manifests/" + digest).statusCode()).isEqualTo(202);
    assertThat(registry.head("/v2/m/manifests/b").statusCode()).isEqualTo(404);
    assertThat(registry.head("/v2/m/manifests/" + digest).statusCode()).isEqualTo(404);
    assertThat(json(registry.get("/v2/m/tags/list")).at("/tags")).isEmpty();
  }

  @Test
  void movedTagIsSeenAtOnce() {
    for (int i = 0; i < 20; i++) {
      Digest digest = registry.pushImage("m", "latest", "v" + i);
      assertThat(header(registry.head("/v2/m/manifests/latest"), "Docker-Content-Digest"))
          .isEqualTo(digest.toString());
    }
  }

  private Digest pushIndex(String tag, Digest amd64, Digest arm64) {
    String index =
        """
        {"schemaVersion":2,"mediaType":"%s","manifests":[
          {"mediaType":"%s","digest":"%s","size":1,"platform":{"os":"linux","architecture":"arm64"}},
          {"mediaType":"%s","digest":"%s","size":1,"platform":{"os":"linux","architecture":"amd64"}}]}\
        """
            .formatted(
                MediaTypes.OCI_INDEX,
                MediaTypes.OCI_MANIFEST,
                arm64,
                MediaTypes.OCI_MANIFEST,
                amd64);
    HttpResponse<byte[]> pushed = registry.putManifest("m", tag, MediaTypes.OCI_INDEX, utf8(index));
    assertThat(pushed.statusCode()).as(RegistryFixture.text(pushed)).isEqualTo(201);
    return Digest.of(utf8(index));
  }

  @Test
  void oldClientsGetTheImageOfAnIndex() {
    Digest amd64 = registry.pushImage("m", "amd64", "amd64");
    Digest arm64 = registry.pushImage("m", "arm64", "arm64");
    Digest index = pushIndex("multi", amd64, arm64);
    String target = "/v2/m/manifests/multi";
    for (int i = 0; i < 2; i++) {
      assertThat(digestOf(target)).isEqualTo(index);
      assertThat(digestOf(target, "Accept", "*/*")).isEqualTo(index);
      assertThat(digestOf(target, "Accept", MediaTypes.DOCKER_MANIFEST)).isEqualTo(amd64);
      assertThat(digestOf(target, "Accept", MediaTypes.OCI_MANIFEST)).isEqualTo(amd64);
      assertThat(
              digestOf(target, "Accept", MediaTypes.OCI_MANIFEST, "Accept", MediaTypes.OCI_INDEX))
          .isEqualTo(index);
      assertThat(digestOf("/v2/m/manifests/" + index, "Accept", MediaTypes.OCI_MANIFEST))
          .isEqualTo(index);
    }
    assertThat(digestOf("/v2/m/manifests/arm64", "Accept", MediaTypes.DOCKER_INDEX))
        .isEqualTo(arm64);
  }

  private Digest digestOf(String target, String... headers) {
    return Digest.parse(header(registry.get(target, headers), "Docker-Content-Digest"));
  }

  @Test
  void sparseIndexesAreASetting() {
    Digest amd64 = registry.pushImage("m", "amd64", "amd64");
    Digest absent = Digest.of(utf8("absent"));
    byte[] index =
        utf8(
            """
            {"schemaVersion":2,"mediaType":"%s","manifests":[%s,%s]}\
            """
                .formatted(
                    MediaTypes.OCI_INDEX,
                    descriptor(MediaTypes.OCI_MANIFEST, amd64, 1),
                    descriptor(MediaTypes.OCI_MANIFEST, absent, 1)));
    assertError(
        registry.putManifest("m", "t", MediaTypes.OCI_INDEX, index), 400, "MANIFEST_BLOB_UNKNOWN");
    registry.close();
    registry = RegistryFixture.open(folder, Map.of("manifests.sparse", "allow-index-children"));
    assertThat(registry.putManifest("m", "t", MediaTypes.OCI_INDEX, index).statusCode())
        .isEqualTo(201);
    byte[] image =
        utf8(
            """
            {"schemaVersion":2,"config":%s,"layers":[]}\
            """
                .formatted(descriptor(MediaTypes.OCI_CONFIG, absent, 1)));
    assertError(registry.putManifest("m", "i", image), 400, "MANIFEST_BLOB_UNKNOWN");
    registry.close();
    registry = RegistryFixture.open(folder, Map.of("manifests.sparse", "allow-all"));
    assertThat(registry.putManifest("m", "i", image).statusCode()).isEqualTo(201);
  }

  @Test
  void emptyIndexAndNestedIndexAreTaken() {
    byte[] empty = utf8("{\"schemaVersion\":2,\"manifests\":[]}");
    assertThat(registry.putManifest("m", "e", MediaTypes.OCI_INDEX, empty).statusCode())
        .isEqualTo(201);
    byte[] nested =
        utf8(
            """
            {"schemaVersion":2,"artifactType":"a/b","manifests":[%s]}\
            """
                .formatted(descriptor(MediaTypes.OCI_INDEX, Digest.of(empty), empty.length)));
    assertThat(registry.putManifest("m", "n", MediaTypes.OCI_INDEX, nested).statusCode())
        .isEqualTo(201);
  }

  @Test
  void referrers() {
    Digest subject = registry.pushImage("m", "app", "app");
    String field = ",\"subject\":" + descriptor(MediaTypes.OCI_MANIFEST, subject, 1);
    byte[] sbom =
        registry.imageManifest(
            "m",
            "sbom",
            field + ",\"artifactType\":\"" + SUBJECT_TYPE + "\",\"annotations\":{\"k\":\"v\"}");
    byte[] plain = registry.imageManifest("m", "plain", field);
    HttpResponse<byte[]> pushed = registry.putManifest("m", Digest.of(sbom).toString(), sbom);
    assertThat(header(pushed, "OCI-Subject")).isEqualTo(subject.toString());
    registry.putManifest("m", "plain", plain);
    HttpResponse<byte[]> all = registry.get("/v2/m/referrers/" + subject);
    assertThat(header(all, "Content-Type")).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(json(all).at("/schemaVersion").asInt()).isEqualTo(2);
    assertThat(json(all).at("/mediaType").asText()).isEqualTo(MediaTypes.OCI_INDEX);
    assertThat(json(all).at("/manifests")).hasSize(2);
    HttpResponse<byte[]> one =
        registry.get("/v2/m/referrers/" + subject + "?artifactType=" + SUBJECT_TYPE);
    assertThat(header(one, "OCI-Filters-Applied")).isEqualTo("artifactType");
    JsonNode found = json(one).at("/manifests");
    assertThat(found).hasSize(1);
    assertThat(found.at("/0/digest").asText()).isEqualTo(Digest.of(sbom).toString());
    assertThat(found.at("/0/size").asInt()).isEqualTo(sbom.length);
    assertThat(found.at("/0/artifactType").asText()).isEqualTo(SUBJECT_TYPE);
    assertThat(found.at("/0/annotations/k").asText()).isEqualTo("v");
    assertThat(
            json(registry.get(
                    "/v2/m/referrers/" + subject + "?artifactType=" + MediaTypes.OCI_CONFIG))
                .at("/manifests"))
        .hasSize(1);
    registry.delete("/v2/m/manifests/" + Digest.of(sbom));
    assertThat(json(registry.get("/v2/m/referrers/" + subject)).at("/manifests")).hasSize(1);
  }

  @Test
  void referrersOfNothingAreAnEmptyIndex() {
    Digest any = Digest.of(utf8("any"));
    HttpResponse<byte[]> answer = registry.get("/v2/none/referrers/" + any);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).at("/manifests")).isEmpty();
    assertThat(json(answer).at("/manifests").isArray()).isTrue();
    assertError(registry.get("/v2/none/referrers/sha256:zz"), 400, "DIGEST_INVALID");
  }

  @Test
  void referrersPageByPageAndFromTheFallbackTag() {
    Digest subject = registry.pushImage("m", "app", "app");
    String field = ",\"subject\":" + descriptor(MediaTypes.OCI_MANIFEST, subject, 1);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byte[] referrer = registry.imageManifest("m", "r" + i, field);
      registry.putManifest("m", Digest.of(referrer).toString(), referrer);
      expected.add(Digest.of(referrer).toString());
    }
    Digest tagged = registry.pushImage("m", "old-style", "old-style");
    expected.add(tagged.toString());
    byte[] fallback =
        utf8(
            """
            {"schemaVersion":2,"manifests":[%s,%s]}\
            """
                .formatted(
                    descriptor(MediaTypes.OCI_MANIFEST, tagged, 1),
                    descriptor(MediaTypes.OCI_MANIFEST, Digest.parse(expected.get(0)), 1)));
    registry.putManifest("m", "sha256-" + subject.hex(), MediaTypes.OCI_INDEX, fallback);
    expected.sort(null);
    List<String> seen = new ArrayList<>();
    String next = "/v2/m/referrers/" + subject + "?n=2";
    while (next != null) {
      HttpResponse<byte[]> page = registry.get(next);
      json(page).at("/manifests").forEach(m -> seen.add(m.at("/digest").asText()));
      next = ListHttpTest.next(page);
    }
    assertThat(seen).isEqualTo(expected);
  }
}
