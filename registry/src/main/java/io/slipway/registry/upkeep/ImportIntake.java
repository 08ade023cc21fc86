package io.slipway.registry.upkeep;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.store.ManifestPush;
import io.slipway.registry.store.ManifestReference;
import io.slipway.registry.store.RegistryFault;
import io.slipway.registry.store.RegistryStore;
import io.slipway.registry.store.RepositoryName;
import io.slipway.registry.store.TagCondition;
import io.slipway.registry.store.UploadWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Pushes manifests and what they name from files into the registry, as a client would: everything
 * is hashed on its way in. Children come before their indexes. What is damaged or missing at the
 * source is told and skipped.
 */
final class ImportIntake {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 8;

  /** Where a blob of the source lies; the file need not exist. */
  interface Source {
    Path file(Digest digest);
  }

  private final RegistryStore store;
  private final Source source;
  private final Consumer<String> out;

  ImportIntake(RegistryStore store, Source source, Consumer<String> out) {
    this.store = store;
    this.source = source;
    this.out = out;
  }

  /** False when it had to be skipped; {@code done} are those of the repository taken already. */
  boolean manifest(
      RepositoryName repository,
      Digest digest,
      String mediaType,
      List<String> tags,
      Set<Digest> done)
      throws IOException {
    try {
      take(repository, digest, mediaType, tags, done, 0);
      return true;
    } catch (SlipwayException e) {
      String more = e instanceof RegistryFault fault ? " " + fault.detail() : "";
      out.accept(
          "%s: skipped manifest %s %s: %s%s"
              .formatted(repository, digest, tags, e.getMessage(), more));
      return false;
    }
  }

  private void take(
      RepositoryName repository,
      Digest digest,
      String mediaType,
      List<String> tags,
      Set<Digest> done,
      int depth)
      throws IOException {
    if (done.contains(digest) && tags.isEmpty()) {
      return;
    }
    Bytes content = read(digest);
    Manifest manifest = Manifest.parse(content, mediaType);
    for (Descriptor named : StoredManifests.named(manifest)) {
      switch (manifest) {
        case ImageManifest image -> blob(repository, named);
        case ImageIndex index -> {
          if (depth < MAX_DEPTH && Files.exists(source.file(named.digest()))) {
            take(repository, named.digest(), named.mediaType(), List.of(), done, depth + 1);
          }
        }
      }
    }
    store
        .manifests()
        .push(
            new ManifestPush(
                repository,
                new ManifestReference.ByDigest(digest),
                manifest.descriptor().mediaType(),
                content,
                tags,
                new TagCondition.Always()));
    done.add(digest);
  }

  private Bytes read(Digest digest) throws IOException {
    Path file = source.file(digest);
    if (!Files.exists(file)) {
      throw SlipwayException.notFound("its bytes are missing");
    }
    if (Files.size(file) > Manifest.MAX_BYTES) {
      throw SlipwayException.invalid("it is too large");
    }
    Bytes content = Bytes.copyOf(Files.readAllBytes(file));
    if (!content.digest(digest.algorithm()).equals(digest)) {
      throw SlipwayException.invalid("its bytes are damaged");
    }
    return content;
  }

  /** A blob that is elsewhere, or that the registry has already, need not be read. */
  private void blob(RepositoryName repository, Descriptor blob) throws IOException {
    Digest digest = blob.digest();
    if (store.metadata().blobs().find(repository, digest).isPresent()) {
      return;
    }
    if (store.blobs().mount(repository, Optional.empty(), digest, from -> true)) {
      return;
    }
    Path file = source.file(digest);
    if (!Files.exists(file)) {
      if (MediaTypes.isForeignLayer(blob.mediaType()) || !blob.urls().isEmpty()) {
        return;
      }
      throw SlipwayException.notFound("blob " + digest + " is missing");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        UploadWriter writer = store.uploads().receive(repository, digest.algorithm())) {
      writer.expect(channel.size());
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (channel.read(buffer.clear()) >= 0) {
        writer.append(buffer.flip());
      }
      writer.commit(digest);
    }
  }

  /** A set for {@link #manifest}. */
  static Set<Digest> nothingYet() {
    return new HashSet<>();
  }
}
