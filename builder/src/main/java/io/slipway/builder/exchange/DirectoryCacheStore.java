package io.slipway.builder.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.content.AtomicFile;
import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * A directory in the form of an OCI layout:
 *
 * <pre>
 * oci-layout
 * index.json           the manifests by tag
 * blobs/sha256/HEX
 * </pre>
 */
record DirectoryCacheStore(Path directory, String tag) implements CacheStore {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final int BUFFER = 1 << 16;

  private Path index() {
    return directory.resolve("index.json");
  }

  private Path blob(Digest digest) {
    return directory
        .resolve("blobs")
        .resolve(digest.algorithm().name().toLowerCase(java.util.Locale.ROOT))
        .resolve(digest.hex());
  }

  private JsonNode manifests() throws IOException {
    try {
      return JSON.readTree(index().toFile()).path("manifests");
    } catch (JsonProcessingException e) {
      throw SlipwayException.invalid(index() + " is not valid JSON");
    }
  }

  @Override
  public Optional<ImageManifest> read() throws IOException {
    if (!Files.exists(index())) {
      return Optional.empty();
    }
    for (JsonNode entry : manifests()) {
      if (entry.path("annotations").path(REF_NAME).asText().equals(tag)) {
        Digest digest = Digest.parse(entry.path("digest").asText());
        Bytes bytes = Bytes.copyOf(Files.readAllBytes(blob(digest)));
        if (!bytes.digest().equals(digest)) {
          throw SlipwayException.invalid("manifest " + digest + " in " + directory + " is damaged");
        }
        return Manifest.parse(bytes, MediaTypes.OCI_MANIFEST) instanceof ImageManifest image
            ? Optional.of(image)
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  @Override
  public void fetch(Descriptor wanted, BlobStore target) throws IOException {
    try (InputStream in = Files.newInputStream(blob(wanted.digest()));
        Ingest ingest = target.ingest("cache-" + UUID.randomUUID(), wanted.digest().algorithm())) {
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        ingest.append(ByteBuffer.wrap(buffer, 0, n));
      }
      ingest.commit(ExpectedContent.of(wanted));
    }
  }

  @Override
  public void put(Blob content) throws IOException {
    Path file = blob(content.digest());
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    Path temporary = Files.createTempFile(file.getParent(), ".new", "");
    try {
      try (InputStream in = content.stream(0)) {
        Files.copy(in, temporary, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  @Override
  public void write(ImageManifest manifest) throws IOException {
    Path file = blob(manifest.descriptor().digest());
    Files.createDirectories(file.getParent());
    AtomicFile.write(file, manifest.bytes());
    AtomicFile.write(
        directory.resolve("oci-layout"), Bytes.utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
    ObjectNode entry = JSON.createObjectNode();
    entry.put("mediaType", manifest.descriptor().mediaType());
    entry.put("digest", manifest.descriptor().digest().toString());
    entry.put("size", manifest.descriptor().size());
    entry.putObject("annotations").put(REF_NAME, tag);
    ObjectNode root = JSON.createObjectNode();
    root.put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode manifests = root.putArray("manifests").add(entry);
    if (Files.exists(index())) {
      for (JsonNode other : manifests()) {
        if (!other.path("annotations").path(REF_NAME).asText().equals(tag)) {
          manifests.add(other);
        }
      }
    }
    AtomicFile.write(index(), Bytes.utf8(JSON.writeValueAsString(root)));
  }
}
