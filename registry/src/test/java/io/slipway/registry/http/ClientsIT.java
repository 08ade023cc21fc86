package io.slipway.registry.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More real clients: podman, and Jib as a library. */
class ClientsIT {
  @TempDir Path folder;
  private RegistryFixture registry;

  /** podman wants a short path here. */
  private Path runRoot;

  @BeforeEach
  void open() throws IOException {
    runRoot = Files.createTempDirectory(Path.of("/tmp"), "pod");
    registry = RegistryFixture.open(folder.resolve("root"));
  }

  @AfterEach
  void close() throws IOException {
    registry.close();
    try (Stream<Path> tree = Files.walk(runRoot)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private String podman(String... words) throws Exception {
    String[] base = {
      "podman",
      "--root",
      folder.resolve("podman").toString(),
      "--runroot",
      runRoot.toString(),
      "--storage-driver",
      "vfs",
      "--cgroup-manager",
      "cgroupfs",
      "--events-backend",
      "none",
    };
    String[] all = Arrays.copyOf(base, base.length + words.length);
    System.arraycopy(words, 0, all, base.length, words.length);
    return ClientCommand.run(folder, all);
  }

  @Test
  void podmanPushesPullsAndListsBothFormatsAndAnIndex() throws Exception {
    OciLayout image = OciLayout.write(folder.resolve("layout"), 2, 100_000);
    String remote = registry.address() + "/it/podman:1";
    String id = podman("pull", "-q", image.toString()).strip().lines().toList().getLast();
    podman("push", "--tls-verify=false", id, remote);
    podman("push", "--tls-verify=false", "--format", "v2s2", id, remote + "-docker");
    podman("rmi", "-f", id);
    assertThat(podman("pull", "-q", "--tls-verify=false", remote)).contains(id);
    String repository = registry.address() + "/it/podman";
    assertThat(podman("search", "--tls-verify=false", "--list-tags", repository))
        .contains("1-docker");
    String list = "localhost/list:1";
    podman("manifest", "create", list);
    podman("manifest", "add", "--tls-verify=false", list, "docker://" + remote);
    podman("manifest", "push", "--all", "--tls-verify=false", list, "docker://" + remote + "-list");
    JsonNode index = RegistryFixture.json(registry.get("/v2/it/podman/manifests/1-list"));
    assertThat(index.at("/manifests")).hasSize(1);
  }

  private Containerizer to(Containerizer target) {
    return target
        .setAllowInsecureRegistries(true)
        .setBaseImageLayersCache(folder.resolve("base-cache"))
        .setApplicationLayersCache(folder.resolve("layer-cache"));
  }

  @Test
  void jibPushesAndPullsBothFormats() throws Exception {
    Path file = Files.writeString(folder.resolve("hello.txt"), "hello");
    for (ImageFormat format : ImageFormat.values()) {
      String name = registry.address() + "/it/jib:" + format.name().toLowerCase(Locale.ROOT);
      JibContainer pushed =
          Jib.fromScratch()
              .setFormat(format)
              .addLayer(List.of(file), "/app")
              .setEntrypoint("/app/hello.txt")
              .containerize(to(Containerizer.to(RegistryImage.named(name))));
      assertThat(
              RegistryFixture.header(
                  registry.head("/v2/it/jib/manifests/" + pushed.getDigest()),
                  "Docker-Content-Digest"))
          .isEqualTo(pushed.getDigest().toString());
      Path archive = folder.resolve(format + ".tar");
      Jib.from(RegistryImage.named(name))
          .containerize(to(Containerizer.to(TarImage.at(archive).named("copy"))));
      assertThat(archive).isNotEmptyFile();
    }
  }
}
