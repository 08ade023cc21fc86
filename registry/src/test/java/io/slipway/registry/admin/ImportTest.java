package io.slipway.registry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Digest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {
  @TempDir private Path folder;
  private final List<String> lines = new ArrayList<>();

  private Path dataRoot() {
    return folder.resolve("root");
  }

  private void order(AdminRequest request) throws InterruptedException {
    if (Files.notExists(dataRoot())) {
      DataRootFixture.open(dataRoot()).close();
    }
    lines.clear();
    RegistryAdmin.run(dataRoot(), UpkeepSettings.defaults(), request, lines::add);
  }

  /** Where the source keeps a blob. */
  private interface Layout {
    Path file(Digest digest);
  }

  private static Digest put(Layout layout, String content) throws IOException {
    Digest digest = Digest.of(content.getBytes(StandardCharsets.UTF_8));
    Files.createDirectories(layout.file(digest).getParent());
    Files.writeString(layout.file(digest), content);
    return digest;
  }

  private static String image(Layout layout, String layer) throws IOException {
    return "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}"
        .formatted(
            RegistryJson.descriptor(MediaTypes.OCI_CONFIG, put(layout, "{}"), 2),
            RegistryJson.descriptor(MediaTypes.OCI_LAYER, put(layout, layer), layer.length()));
  }

  private static void link(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @Test
  void treeOfDistributionComesInWithWhatCanBeRead() throws Exception {
    Path base = folder.resolve("source/docker/registry/v2");
    Layout blobs =
        digest ->
            base.resolve("blobs/sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex())
                .resolve("data");
    Path manifests = base.resolve("repositories/team/app/_manifests");
    Digest image = put(blobs, image(blobs, "a layer"));
    Digest index =
        put(
            blobs,
            "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                .formatted(
                    MediaTypes.OCI_INDEX,
                    RegistryJson.descriptor(MediaTypes.OCI_MANIFEST, image, 1)));
    Digest broken = put(blobs, image(blobs, "damaged"));
    Files.writeString(blobs.file(Digest.of("damaged".getBytes())), "damagee");
    for (Digest revision : List.of(image, index, broken)) {
      link(manifests.resolve("revisions/sha256/" + revision.hex() + "/link"), revision.toString());
    }
    link(manifests.resolve("tags/v1/current/link"), image.toString());
    link(manifests.resolve("tags/multi/current/link"), index.toString());
    link(manifests.resolve("tags/bad/current/link"), broken.toString());
    link(manifests.resolve("tags/crashed/current/link"), "");
    AdminRequest order = new AdminRequest.Import(folder.resolve("source").toString(), "");
    order(order);
    assertThat(lines)
        .hasSize(3)
        .anyMatch(line -> line.contains("skipped tag crashed"))
        .anyMatch(line -> line.contains("skipped manifest " + broken))
        .last()
        .isEqualTo("imported 2 manifests and 2 tags into 1 repositories, skipped 2");
    order(order);
    try (DataRootFixture registry = DataRootFixture.open(dataRoot())) {
      var name = DataRootFixture.name("team/app");
      assertThat(registry.store().metadata().tags().list(name, new Page(9, "")))
          .containsExactly("multi", "v1");
      assertThat(
              registry
                  .store()
                  .manifests()
                  .require(name, new ManifestReference.ByTag("multi"))
                  .record()
                  .digest())
          .isEqualTo(index);
    }
    order(new AdminRequest.Check(false));
    assertThat(lines).last().asString().startsWith("clean: ");
  }

  @Test
  void ociLayoutComesIntoTheNamedRepository() throws Exception {
    Path source = folder.resolve("layout");
    Layout blobs = digest -> source.resolve("blobs/sha256").resolve(digest.hex());
    String manifest = image(blobs, "a layer");
    Digest image = put(blobs, manifest);
    Files.writeString(source.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        source.resolve("index.json"),
        """
        {"schemaVersion":2,"manifests":[
          {"mediaType":"%1$s","digest":"%2$s","size":%3$d,
           "annotations":{"org.opencontainers.image.ref.name":"example.org/x:v2"}},
          {"mediaType":"%1$s","digest":"%2$s","size":%3$d,
           "annotations":{"org.opencontainers.image.ref.name":"no tag"}}]}
        """
            .formatted(MediaTypes.OCI_MANIFEST, image, manifest.length()));
    assertThatThrownBy(() -> order(new AdminRequest.Import(source.toString(), "")))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("say with --repository");
    order(new AdminRequest.Import(source.toString(), "mine"));
    assertThat(lines)
        .containsExactly(
            image + " is imported without a tag: \"no tag\" is none",
            "imported 1 manifests and 1 tags into 1 repositories, skipped 0");
    try (DataRootFixture registry = DataRootFixture.open(dataRoot())) {
      assertThat(registry.store().metadata().tags().resolve(DataRootFixture.name("mine"), "v2"))
          .contains(image);
    }
  }

  @Test
  void anotherFolderIsRefused() {
    assertThatThrownBy(() -> order(new AdminRequest.Import(folder.toString(), "")))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining("is neither the folder of a docker-registry");
  }
}
