package io.slipway.cli.manifest;

import io.slipway.cli.client.JsonValue;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An image in a list of manifests: where it is, how the list describes it (its platform may have
 * been annotated), and the image's own manifest.
 */
public record ListedManifest(Reference reference, Descriptor descriptor, Bytes manifest) {
  public ListedManifest {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(descriptor, "descriptor");
    Objects.requireNonNull(manifest, "manifest");
  }

  public Platform platform() {
    return descriptor.platform().orElse(new Platform("", ""));
  }

  public ListedManifest withPlatform(Platform platform) {
    return new ListedManifest(reference, descriptor.withPlatform(platform), manifest);
  }

  /** The image's parts. */
  public ImageManifest image() {
    if (Manifest.parse(manifest, descriptor.mediaType()) instanceof ImageManifest image) {
      return image;
    }
    throw SlipwayException.invalid(reference + " is a manifest list");
  }

  /** Reads what {@link #json} makes. */
  static ListedManifest parse(byte[] text) throws IOException {
    JsonValue json = JsonValue.read(new ByteArrayInputStream(text));
    JsonValue descriptor = json.get("Descriptor");
    JsonValue platform = descriptor.get("platform");
    Optional<Platform> known =
        platform instanceof JsonValue.Obj
            ? Optional.of(
                new Platform(
                    platform.text("os"),
                    platform.text("architecture"),
                    platform.text("variant"),
                    platform.text("os.version"),
                    platform.get("os.features").items().stream().map(JsonValue::text).toList()))
            : Optional.empty();
    try {
      return new ListedManifest(
          Reference.parse(json.text("Ref")),
          new Descriptor(
              descriptor.text("mediaType"),
              Digest.parse(descriptor.text("digest")),
              descriptor.number("size"),
              known,
              Map.of(),
              List.of(),
              ""),
          Bytes.copyOf(Base64.getDecoder().decode(json.text("Raw"))));
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(ErrorKind.INVALID, "its Raw is not base64", e);
    }
  }

  /** Docker's form of it: what {@code manifest inspect -v} prints and what is kept. */
  public JsonValue.Obj json() {
    Map<String, JsonValue> json = new LinkedHashMap<>();
    json.put("Ref", new JsonValue.Text(reference.toString()));
    Map<String, JsonValue> place = new LinkedHashMap<>();
    place.put("mediaType", new JsonValue.Text(descriptor.mediaType()));
    place.put("digest", new JsonValue.Text(descriptor.digest().toString()));
    place.put("size", number(descriptor.size()));
    place.put("platform", platformJson());
    json.put("Descriptor", new JsonValue.Obj(place));
    String raw = Base64.getEncoder().encodeToString(manifest.toArray());
    json.put("Raw", new JsonValue.Text(raw));
    boolean oci = descriptor.mediaType().equals(MediaTypes.OCI_MANIFEST);
    json.put(oci ? "OCIManifest" : "SchemaV2Manifest", manifestJson());
    return new JsonValue.Obj(json);
  }

  /** The image's own manifest, as it was received. */
  public JsonValue manifestJson() {
    try {
      return JsonValue.read(
          new ByteArrayInputStream(manifest.text().getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "the manifest of " + reference + " is not JSON", e);
    }
  }

  /** As a list of manifests has it; docker's order of members. */
  JsonValue.Obj entry() {
    Map<String, JsonValue> entry = new LinkedHashMap<>();
    entry.put("mediaType", new JsonValue.Text(descriptor.mediaType()));
    entry.put("size", number(descriptor.size()));
    entry.put("digest", new JsonValue.Text(descriptor.digest().toString()));
    entry.put("platform", platformJson());
    return new JsonValue.Obj(entry);
  }

  private JsonValue.Obj platformJson() {
    Platform platform = platform();
    Map<String, JsonValue> json = new LinkedHashMap<>();
    json.put("architecture", new JsonValue.Text(platform.architecture()));
    json.put("os", new JsonValue.Text(platform.os()));
    if (!platform.osVersion().isEmpty()) {
      json.put("os.version", new JsonValue.Text(platform.osVersion()));
    }
    if (!platform.osFeatures().isEmpty()) {
      json.put(
          "os.features",
          new JsonValue.Arr(
              platform.osFeatures().stream().<JsonValue>map(JsonValue.Text::new).toList()));
    }
    if (!platform.variant().isEmpty()) {
      json.put("variant", new JsonValue.Text(platform.variant()));
    }
    return new JsonValue.Obj(json);
  }

  private static JsonValue number(long value) {
    return new JsonValue.Num(Long.toString(value));
  }
}
