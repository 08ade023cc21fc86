package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipway.image.remote.DebianRegistry;
import io.slipway.registry.config.MirrorSettings;
import io.slipway.registry.config.UpstreamSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        prefix, registry, Optional.empty(), true, Optional.empty(), Optional.empty());
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
                Optional.of(password)))) {
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
