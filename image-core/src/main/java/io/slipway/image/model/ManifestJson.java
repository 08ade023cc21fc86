package io.slipway.image.model;

import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Manifests and indexes from and to their JSON. */
final class ManifestJson {
  private static final int SCHEMA_VERSION = 2;

  private ManifestJson() {}

  static Manifest parse(Bytes bytes, String declaredType) {
    JsonFields json = JsonFields.parse("manifest", bytes, Manifest.MAX_BYTES);
    String mediaType = mediaType(json, declaredType);
    if (json.integer("schemaVersion", SCHEMA_VERSION) != SCHEMA_VERSION) {
      throw SlipwayException.invalid("manifest has a schemaVersion other than 2");
    }
    Descriptor self = new Descriptor(mediaType, bytes.digest(), bytes.size());
    Optional<Descriptor> subject = json.child("subject").map(ManifestJson::descriptor);
    Map<String, String> annotations = json.textMap("annotations");
    String artifactType = json.text("artifactType");
    if (MediaTypes.isIndex(mediaType)) {
      rejectMix(json, "config", "layers");
      return new ImageIndex(
          bytes, self, descriptors(json, "manifests"), subject, artifactType, annotations);
    }
    rejectMix(json, "manifests", "manifests");
    Descriptor config =
        json.child("config")
            .map(ManifestJson::descriptor)
            .orElseThrow(() -> SlipwayException.invalid("manifest has no config"));
    return new ImageManifest(
        bytes, self, config, descriptors(json, "layers"), subject, artifactType, annotations);
  }

  /** CVE-2021-41190: one document must not be readable as both an image and an index. */
  private static void rejectMix(JsonFields json, String first, String second) {
    if (json.has(first) || json.has(second)) {
      throw SlipwayException.invalid(
          "manifest is ambiguous: it has fields of an image and of an index");
    }
  }

  private static String mediaType(JsonFields json, String declaredType) {
    String inBody = json.text("mediaType");
    if (!declaredType.isEmpty() && !inBody.isEmpty() && !inBody.equals(declaredType)) {
      throw SlipwayException.invalid(
          "manifest says it is " + inBody + " but was sent as " + declaredType);
    }
    String mediaType = declaredType.isEmpty() ? inBody : declaredType;
    if (mediaType.isEmpty()) {
      // OCI layouts of old tools leave mediaType out; the fields tell
      mediaType = json.has("manifests") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    }
    if (MediaTypes.isSchema1(mediaType) || json.integer("schemaVersion", SCHEMA_VERSION) == 1) {
      throw SlipwayException.invalid(
          "manifest is of the withdrawn schema 1: push the image again with a current client");
    }
    if (!MediaTypes.isManifest(mediaType)) {
      throw SlipwayException.invalid("manifest has unknown media type " + mediaType);
    }
    return mediaType;
  }

  private static List<Descriptor> descriptors(JsonFields json, String field) {
    return json.children(field).stream().map(ManifestJson::descriptor).toList();
  }

  static Descriptor descriptor(JsonFields json) {
    if (!json.has("digest")) {
      throw SlipwayException.invalid(json.subject() + " has no digest");
    }
    if (!json.has("size")) {
      throw SlipwayException.invalid(json.subject() + " has no size");
    }
    return new Descriptor(
        json.text("mediaType"),
        Digest.parse(json.text("digest")),
        json.integer("size", 0),
        json.child("platform").map(ManifestJson::platform),
        json.textMap("annotations"),
        json.texts("urls"),
        json.text("artifactType"));
  }

  static Platform platform(JsonFields json) {
    return new Platform(
        json.text("os"),
        json.text("architecture"),
        json.text("variant"),
        json.text("os.version"),
        json.texts("os.features"));
  }

  static ImageManifest write(
      ManifestFormat format,
      Descriptor config,
      List<Descriptor> layers,
      Map<String, String> annotations) {
    Map<String, String> sorted = new TreeMap<>(annotations);
    Bytes bytes =
        JsonText.object(json -> {
          json.number("schemaVersion", SCHEMA_VERSION);
          json.text("mediaType", format.manifestType());
          json.child("config", part -> writeDescriptor(part, config));
          json.children("layers", parts(layers));
          json.mapUnlessEmpty("annotations", sorted);
        });
    Descriptor self = new Descriptor(format.manifestType(), bytes.digest(), bytes.size());
    return new ImageManifest(bytes, self, config, layers, Optional.empty(), "", sorted);
  }

  static ImageIndex writeIndex(
      ManifestFormat format, List<Descriptor> manifests, Map<String, String> annotations) {
    Map<String, String> sorted = new TreeMap<>(annotations);
    Bytes bytes =
        JsonText.object(json -> {
          json.number("schemaVersion", SCHEMA_VERSION);
          json.text("mediaType", format.indexType());
          json.children("manifests", parts(manifests));
          json.mapUnlessEmpty("annotations", sorted);
        });
    Descriptor self = new Descriptor(format.indexType(), bytes.digest(), bytes.size());
    return new ImageIndex(bytes, self, manifests, Optional.empty(), "", sorted);
  }

  private static List<JsonText.Part> parts(List<Descriptor> descriptors) {
    return descriptors.stream()
        .map(descriptor -> (JsonText.Part) part -> writeDescriptor(part, descriptor))
        .toList();
  }

  private static void writeDescriptor(JsonText json, Descriptor descriptor) throws IOException {
    json.text("mediaType", descriptor.mediaType());
    json.text("digest", descriptor.digest().toString());
    json.number("size", descriptor.size());
    json.textsUnlessEmpty("urls", descriptor.urls());
    json.mapUnlessEmpty("annotations", descriptor.annotations());
    if (descriptor.platform().isPresent()) {
      Platform platform = descriptor.platform().get();
      json.child(
          "platform",
          part -> {
            part.text("architecture", platform.architecture());
            part.text("os", platform.os());
            part.textUnlessEmpty("os.version", platform.osVersion());
            part.textsUnlessEmpty("os.features", platform.osFeatures());
            part.textUnlessEmpty("variant", platform.variant());
          });
    }
    json.textUnlessEmpty("artifactType", descriptor.artifactType());
  }
}
