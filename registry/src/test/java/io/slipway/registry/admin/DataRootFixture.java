package io.slipway.registry.admin;

import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.config.SparseManifests;
import io.slipway.registry.config.UpkeepSettings;
import io.slipway.registry.store.ManifestPush;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.TagCondition;
import io.slipway.registry.store.UploadWriter;
import io.slipway.registry.upkeep.GcReport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An open data root without a server, and the pushes that tests make to it. */
final class DataRootFixture implements AutoCloseable {
  private final StorageSettings settings;
  final MovableClock clock = new MovableClock();
  private DataRoot root;

  private DataRootFixture(StorageSettings settings) {
    this.settings = settings;
    this.root = DataRoot.open(settings, clock);
  }

  static DataRootFixture open(Path folder) {
    return open(folder, UpkeepSettings.defaults());
  }

  static DataRootFixture open(Path folder, UpkeepSettings upkeep) {
    return new DataRootFixture(
        new StorageSettings(
            folder, Duration.ofHours(1), 0, 1 << 20, SparseManifests.REJECT, upkeep));
  }

  void restart() {
    root.close();
    root = DataRoot.open(settings, clock);
  }

  DataRoot root() {
    return root;
  }

  RegistryStore store() {
    return root.store();
  }

  static RepositoryName name(String repository) {
    return new RepositoryName(repository);
  }

  Digest pushBlob(String repository, byte[] content) {
    Digest digest = Digest.of(content);
    try (UploadWriter writer =
        store().uploads().receive(name(repository), DigestAlgorithm.SHA256)) {
      writer.append(ByteBuffer.wrap(content));
      return writer.commit(digest).digest();
    }
  }

  Digest pushBlob(String repository, String content) {
    return pushBlob(repository, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Pushes an image of one layer; {@code reference} is a tag, or empty for the digest. */
  Digest pushImage(String repository, String reference, String layer) {
    Digest digest = pushBlob(repository, layer);
    String config = RegistryJson.descriptor(MediaTypes.OCI_CONFIG, digest, layer.length());
    String layers = RegistryJson.descriptor(MediaTypes.OCI_LAYER, digest, layer.length());
    return pushManifest(
        repository,
        reference,
        MediaTypes.OCI_MANIFEST,
        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}".formatted(config, layers));
  }

  Digest pushManifest(String repository, String reference, String type, String json) {
    Bytes content = Bytes.utf8(json);
    ManifestReference name =
        reference.isEmpty()
            ? new ManifestReference.ByDigest(content.digest())
            : new ManifestReference.ByTag(reference);
    return store()
        .manifests()
        .push(
            new ManifestPush(
                name(repository), name, type, content, List.of(), new TagCondition.Always()))
        .digest();
  }

  void untag(String repository, String tag) {
    store().manifests().delete(name(repository), new ManifestReference.ByTag(tag));
  }

  boolean has(String repository, Digest blob) {
    return store().metadata().blobs().find(name(repository), blob).isPresent();
  }

  boolean hasManifest(String repository, Digest manifest) {
    return store().metadata().manifests().find(name(repository), manifest).isPresent();
  }

  GcReport collect(boolean dryRun) throws InterruptedException {
    return root.collection().run(dryRun, line -> {});
  }

  GcReport collectNow() throws InterruptedException {
    clock.advance(Duration.ofMillis(1));
    return root.collection().run(false, Optional.of(Duration.ZERO), line -> {});
  }

  Path blobFile(Digest digest) {
    return settings.root().resolve("blobs").resolve("sha256").resolve(digest.hex());
  }

  /** How many files lie in the folder of the blob store. */
  long files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(settings.root().resolve("blobs").resolve(folder))) {
      return files.count();
    }
  }

  @Override
  public void close() {
    root.close();
  }
}
