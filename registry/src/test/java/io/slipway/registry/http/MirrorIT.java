package io.slipway.registry.http;

import static io.slipway.registry.http.RegistryFixture.header;
import static io.slipway.registry.http.RegistryFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.remote.DebianRegistry;
import io.slipway.registry.admin.AdminRequest;
import io.slipway.registry.admin.RegistryAdmin;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.config.UpstreamSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real upstreams, docker-registry and a second registry of ours, and real clients before them. */
class MirrorIT {
  @TempDir Path folder;

  private String run(String... command) throws Exception {
    return ClientCommand.run(folder, command);
  }

  private RegistryFixture mirror(String name, UpstreamSettings... upstreams) {
    return RegistryFixture.mirror(
        folder.resolve(name),
        new MirrorSettings(
            List.of(upstreams), Duration.ZERO, Duration.ofDays(1), Duration.ofSeconds(10)));
  }

  private static UpstreamSettings of(String prefix, String registry) {
    return new UpstreamSettings(
        prefix,
        registry,
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private void sameImage(OciLayout image, Path copy) throws Exception {
    try (var blobs = Files.list(folder.resolve("layout/blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        assertThat(copy.resolve("blobs/sha256").resolve(blob.getFileName()))
            .hasSameBinaryContentAs(blob);
      }
    }
    assertThat(image.toString()).isNotEmpty();
  }

  @Test
  void skopeoPullsThroughFromDockerRegistryWithPasswordAndAfterItIsGone() throws Exception {
    OciLayout image = OciLayout.write(folder.resolve("layout"), 3, 900_000);
    Path password = Files.writeString(folder.resolve("password"), "secret");
    DebianRegistry upstream = DebianRegistry.start(folder.resolve("upstream"), true);
    try (RegistryFixture registry =
        mirror(
            "mirror",
            new UpstreamSettings(
                "deb",
                upstream.domain(),
                Optional.of("team"),
                true,
                Optional.of("me"),
                Optional.of(password),
                Optional.empty()))) {
      try (upstream) {
        run(
            "skopeo",
            "copy",
            "--dest-tls-verify=false",
            "--dest-creds=me:secret",
            image.toString(),
            "docker://" + upstream.domain() + "/team/app:1");
        pull(registry, "deb/app:1", "first");
      }
      pull(registry, "deb/app:1", "second");
    }
    sameImage(image, folder.resolve("first"));
    sameImage(image, folder.resolve("second"));
  }

  @Test
  void theScrubRepairsFromDockerRegistryAndReferrersComeFromItsTags() throws Exception {
    OciLayout image = OciLayout.write(folder.resolve("layout"), 2, 300_000);
    try (DebianRegistry upstream = DebianRegistry.start(folder.resolve("upstream"), false);
        RegistryFixture registry = mirror("mirror", of("deb", upstream.domain()))) {
      String there = "docker://" + upstream.domain() + "/app";
      run("skopeo", "copy", "--dest-tls-verify=false", image.toString(), there + ":1");
      pull(registry, "deb/app:1", "first");
      Path root = folder.resolve("mirror");
      try (var blobs = Files.list(root.resolve("blobs/sha256"))) {
        for (Path blob : blobs.toList()) {
          byte[] content = Files.readAllBytes(blob);
          content[content.length / 2] ^= 1;
          Files.write(blob, content);
        }
      }
      List<String> lines = new ArrayList<>();
      RegistryAdmin.run(
          root, UpkeepSettings.defaults(), new AdminRequest.Scrub("", ""), lines::add);
      assertThat(lines.getLast()).endsWith("4 damaged, of which 4 were fetched again");
      pull(registry, "deb/app:1", "second");
      sameImage(image, folder.resolve("second"));
      String digest = header(registry.head("/v2/deb/app/manifests/1"), "Docker-Content-Digest");
      assertThat(json(registry.get("/v2/deb/app/referrers/" + digest)).at("/manifests")).isEmpty();
      putIndex(upstream, digest.replace(':', '-'), Digest.parse(digest));
      JsonNode referrers = json(registry.get("/v2/deb/app/referrers/" + digest));
      assertThat(referrers.at("/manifests/0/digest").asText()).isEqualTo(digest);
    }
  }

  /** As clients list referrers at a registry that does not. */
  private static void putIndex(DebianRegistry upstream, String tag, Digest child)
      throws IOException, InterruptedException {
    String index =
        "{\"schemaVersion\":2,\"manifests\":[%s]}"
            .formatted(RegistryFixture.descriptor(MediaTypes.OCI_MANIFEST, child, 1));
    URI address = URI.create("http://" + upstream.domain() + "/v2/app/manifests/" + tag);
    HttpRequest put =
        HttpRequest.newBuilder(address)
            .header("Content-Type", MediaTypes.OCI_INDEX)
            .PUT(BodyPublishers.ofString(index))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
    }
  }

  private void pull(RegistryFixture registry, String name, String target) throws Exception {
    run(
        "skopeo",
        "copy",
        "--src-tls-verify=false",
        "docker://" + registry.address() + "/" + name,
        "oci:" + folder.resolve(target) + ":image");
  }

  @Test
  void dockerdPullsThroughAChainOfTwoMirrors() throws Exception {
    OciLayout image = OciLayout.write(folder.resolve("layout"), 2, 300_000);
    try (RegistryFixture origin = RegistryFixture.open(folder.resolve("origin"));
        RegistryFixture near = mirror("near", of("/", origin.address().toString()));
        RegistryFixture mirror = mirror("mirror", of("/", near.address().toString()))) {
      run(
          "skopeo",
          "copy",
          "--dest-tls-verify=false",
          image.toString(),
          "docker://" + origin.address() + "/library/app:1");
      String option = "--registry-mirror=http://" + mirror.address();
      try (DockerDaemon daemon = DockerDaemon.start(folder.resolve("d"), option)) {
        // the mirror of Docker Hub, as dockerd sees it
        daemon.docker("pull", "app:1");
        assertThat(daemon.docker("image", "ls", "-q", "app:1")).isNotBlank();
      }
      assertThat(near.log()).noneMatch(line -> line.contains("unexpected"));
    }
  }
}
