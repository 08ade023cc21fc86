package io.slipway.registry.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a case pushes: blobs, manifests in an order that works, tags, and who refers to whom. */
final class Content {
  static final ObjectMapper JSON = new ObjectMapper();
  static final ObjectMapper SORTED =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /** A manifest that names {@code subject}, as a referrers list shows it. */
  record Referrer(Digest subject, ObjectNode descriptor) {}

  final DigestAlgorithm algorithm;
  final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
  final Map<Digest, byte[]> manifests = new LinkedHashMap<>();
  final Map<String, Digest> tags = new LinkedHashMap<>();
  final List<Referrer> referrers = new ArrayList<>();
  private final Map<Digest, ObjectNode> descriptors = new HashMap<>();
  private final Random random;
  private boolean withData;

  /** The same seed makes the same content. */
  Content(DigestAlgorithm algorithm, String seed) {
    this.algorithm = algorithm;
    this.random = new Random(seed.hashCode());
  }

  /** From now on descriptors carry their content. */
  Content withData() {
    withData = true;
    return this;
  }

  byte[] bytes(int size) {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return content;
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  ObjectNode blob(String mediaType, byte[] content) {
    Digest digest = Digest.of(algorithm, content);
    blobs.put(digest, content);
    return describe(mediaType, digest, content);
  }

  ObjectNode layer() {
    return blob(MediaTypes.OCI_LAYER_GZIP, bytes(600));
  }

  ObjectNode config() {
    ObjectNode config = object().put("architecture", "amd64").put("os", "linux");
    config.put("comment", Long.toHexString(random.nextLong()));
    return blob(MediaTypes.OCI_CONFIG, text(config));
  }

  private ObjectNode describe(String mediaType, Digest digest, byte[] content) {
    ObjectNode descriptor = descriptor(mediaType, digest, content.length);
    if (withData) {
      descriptor.put("data", content);
    }
    return descriptor;
  }

  static ObjectNode descriptor(String mediaType, Digest digest, long size) {
    return object().put("mediaType", mediaType).put("digest", digest.toString()).put("size", size);
  }

  /** An image manifest's fields, to be added to before {@link #add}. */
  ObjectNode image(ObjectNode config, ObjectNode... layers) {
    ObjectNode manifest =
        object().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_MANIFEST);
    manifest.set("config", config);
    ArrayNode list = manifest.putArray("layers");
    List.of(layers).forEach(list::add);
    return manifest;
  }

  /** An image with two layers. */
  ObjectNode image() {
    return image(config(), layer(), layer());
  }

  /** An artifact with the empty config. */
  ObjectNode artifact(String type, ObjectNode... layers) {
    ObjectNode config = blob(MediaTypes.OCI_EMPTY, "{}".getBytes(StandardCharsets.UTF_8));
    return image(config, layers).put("artifactType", type);
  }

  ObjectNode index(Digest... children) {
    ObjectNode manifest = object().put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode list = manifest.putArray("manifests");
    String[] architectures = {"amd64", "arm64", "riscv64"};
    for (int i = 0; i < children.length; i++) {
      ObjectNode child = descriptors.get(children[i]).deepCopy();
      child.putObject("platform").put("os", "linux").put("architecture", architectures[i % 3]);
      list.add(child);
    }
    return manifest;
  }

  /** An index of two images. */
  ObjectNode index() {
    return index(add(image()), add(image()));
  }

  /** The manifest is pushed after those added before; no tag when {@code tags} are none. */
  Digest add(ObjectNode manifest, String... newTags) {
    byte[] content = text(manifest);
    Digest digest = Digest.of(algorithm, content);
    manifests.put(digest, content);
    String mediaType = manifest.path("mediaType").asText();
    ObjectNode descriptor = describe(mediaType, digest, content);
    descriptors.put(digest, descriptor);
    for (String tag : newTags) {
      tags.put(tag, digest);
    }
    if (manifest.has("subject")) {
      refer(manifest, descriptor.deepCopy());
    }
    return digest;
  }

  private void refer(ObjectNode manifest, ObjectNode descriptor) {
    descriptor.remove("data");
    String type = manifest.path("artifactType").asText(manifest.at("/config/mediaType").asText());
    if (!type.isEmpty()) {
      descriptor.put("artifactType", type);
    }
    if (manifest.has("annotations")) {
      descriptor.set("annotations", manifest.get("annotations"));
    }
    Digest subject = Digest.parse(manifest.at("/subject/digest").asText());
    referrers.add(new Referrer(subject, descriptor));
  }

  ObjectNode descriptorOf(Digest manifest) {
    return descriptors.get(manifest).deepCopy();
  }

  /** Content that the registry is never given. */
  Digest absent() {
    return Digest.of(algorithm, bytes(100));
  }

  static byte[] text(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
