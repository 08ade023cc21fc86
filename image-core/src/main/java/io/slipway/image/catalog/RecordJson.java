package io.slipway.image.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import io.slipway.image.name.Repository;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The catalog's records from and to their JSON. Reading throws SlipwayException when damaged. */
final class RecordJson {
  private RecordJson() {}

  /** An image without its tags, which are records of their own so that a tag moves atomically. */
  record StoredImage(Digest id, Instant added, List<ManifestOrigin> manifests) {}

  /** A tag and the image it is on. */
  record StoredTag(Reference reference, Digest id, Instant tagged) {}

  static JsonNode write(StoredImage image) {
    ObjectNode node = RecordDirectory.JSON.createObjectNode();
    node.put("id", image.id().toString());
    node.put("added", image.added().toString());
    ArrayNode manifests = node.putArray("manifests");
    for (ManifestOrigin origin : image.manifests()) {
      ObjectNode entry = manifests.addObject();
      entry.put("repository", origin.repository().toString());
      entry.set("manifest", write(origin.manifest()));
      origin.index().ifPresent(index -> entry.set("index", write(index)));
    }
    return node;
  }

  static StoredImage image(JsonNode node) {
    List<ManifestOrigin> manifests = new ArrayList<>();
    for (JsonNode entry : required(node, "manifests")) {
      manifests.add(
          new ManifestOrigin(
              repository(text(entry, "repository")),
              descriptor(required(entry, "manifest")),
              Optional.ofNullable(entry.get("index")).map(RecordJson::descriptor)));
    }
    return new StoredImage(digest(node, "id"), time(node, "added"), List.copyOf(manifests));
  }

  static JsonNode write(StoredTag tag) {
    return RecordDirectory.JSON
        .createObjectNode()
        .put("reference", tag.reference().toString())
        .put("id", tag.id().toString())
        .put("tagged", tag.tagged().toString());
  }

  static StoredTag tag(JsonNode node) {
    return new StoredTag(
        Reference.parse(text(node, "reference")), digest(node, "id"), time(node, "tagged"));
  }

  static JsonNode write(LayerBlob layer) {
    ObjectNode node = RecordDirectory.JSON.createObjectNode();
    node.put("diffId", layer.diffId().toString());
    node.set("blob", write(layer.descriptor()));
    node.put("uncompressedBytes", layer.uncompressedBytes());
    ArrayNode sources = node.putArray("sources");
    layer.sources().forEach(source -> sources.add(source.toString()));
    return node;
  }

  static LayerBlob layer(JsonNode node) {
    List<Repository> sources = new ArrayList<>();
    for (JsonNode source : required(node, "sources")) {
      sources.add(repository(source.asText()));
    }
    return new LayerBlob(
        digest(node, "diffId"),
        descriptor(required(node, "blob")),
        required(node, "uncompressedBytes").asLong(),
        sources);
  }

  private static JsonNode write(Descriptor descriptor) {
    return RecordDirectory.JSON
        .createObjectNode()
        .put("mediaType", descriptor.mediaType())
        .put("digest", descriptor.digest().toString())
        .put("size", descriptor.size());
  }

  private static Descriptor descriptor(JsonNode node) {
    return new Descriptor(
        text(node, "mediaType"), digest(node, "digest"), required(node, "size").asLong());
  }

  private static Repository repository(String text) {
    return Reference.parse(text).repository();
  }

  private static Digest digest(JsonNode node, String field) {
    return Digest.parse(text(node, field));
  }

  private static Instant time(JsonNode node, String field) {
    String text = text(node, field);
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new SlipwayException(ErrorKind.INVALID, field + " is not a time: " + text, e);
    }
  }

  private static String text(JsonNode node, String field) {
    return required(node, field).asText();
  }

  private static JsonNode required(JsonNode node, String field) {
    if (!node.hasNonNull(field)) {
      throw SlipwayException.invalid("record has no " + field);
    }
    return node.get(field);
  }
}
