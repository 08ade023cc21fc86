package io.slipway.registry.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RepositoryName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** The JSON documents that the registry itself writes. */
final class JsonBodies {
  private static final JsonFactory JSON = new JsonFactory();

  private interface Part {
    void write(JsonGenerator json) throws IOException;
  }

  private JsonBodies() {}

  /** {@code detail} empty: none. */
  static byte[] error(ErrorCode code, String message, String detail) {
    return object(json -> {
      json.writeArrayFieldStart("errors");
      json.writeStartObject();
      json.writeStringField("code", code.name());
      json.writeStringField("message", message);
      if (!detail.isEmpty()) {
        json.writeStringField("detail", detail);
      }
      json.writeEndObject();
      json.writeEndArray();
    });
  }

  static byte[] tags(RepositoryName repository, List<String> tags) {
    return object(json -> {
      json.writeStringField("name", repository.value());
      texts(json, "tags", tags);
    });
  }

  static byte[] catalog(List<RepositoryName> repositories) {
    return object(json ->
        texts(json, "repositories", repositories.stream().map(RepositoryName::value).toList()));
  }

  /** {@code endpoint}: its address after {@code /v2/}, or after that of a repository. */
  record Extension(String name, String description, String endpoint) {}

  static byte[] extensions(List<Extension> extensions) {
    return object(json -> {
      json.writeArrayFieldStart("extensions");
      for (Extension extension : extensions) {
        json.writeStartObject();
        json.writeStringField("name", extension.name());
        json.writeStringField("description", extension.description());
        texts(json, "endpoints", List.of(extension.endpoint()));
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  static byte[] referrers(List<Descriptor> descriptors) {
    return object(json -> {
      json.writeNumberField("schemaVersion", 2);
      json.writeStringField("mediaType", MediaTypes.OCI_INDEX);
      json.writeArrayFieldStart("manifests");
      for (Descriptor descriptor : descriptors) {
        descriptor(json, descriptor);
      }
      json.writeEndArray();
    });
  }

  private static void descriptor(JsonGenerator json, Descriptor descriptor) throws IOException {
    json.writeStartObject();
    json.writeStringField("mediaType", descriptor.mediaType());
    json.writeStringField("digest", descriptor.digest().toString());
    json.writeNumberField("size", descriptor.size());
    if (!descriptor.artifactType().isEmpty()) {
      json.writeStringField("artifactType", descriptor.artifactType());
    }
    if (!descriptor.annotations().isEmpty()) {
      json.writeObjectFieldStart("annotations");
      for (Map.Entry<String, String> annotation : descriptor.annotations().entrySet()) {
        json.writeStringField(annotation.getKey(), annotation.getValue());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String field, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private static byte[] object(Part part) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      part.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes every write", e);
    }
    return out.toByteArray();
  }
}
