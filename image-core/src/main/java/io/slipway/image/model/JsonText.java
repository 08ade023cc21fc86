package io.slipway.image.model;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;

/** Writes JSON in the order of the calls; absent values are left out as Go's omitempty does. */
final class JsonText {
  private final JsonGenerator json;

  private JsonText(JsonGenerator json) {
    this.json = json;
  }

  /** A part of a document. */
  @FunctionalInterface
  interface Part {
    void write(JsonText json) throws IOException;
  }

  static Bytes object(Part content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator generator = JsonFields.MAPPER.createGenerator(out)) {
      JsonText text = new JsonText(generator);
      generator.writeStartObject();
      content.write(text);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write JSON to memory", e);
    }
    return Bytes.wrap(out.toByteArray());
  }

  void number(String field, long value) throws IOException {
    json.writeNumberField(field, value);
  }

  void numberUnlessZero(String field, long value) throws IOException {
    if (value != 0) {
      json.writeNumberField(field, value);
    }
  }

  void text(String field, String value) throws IOException {
    json.writeStringField(field, value);
  }

  void textUnlessEmpty(String field, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeStringField(field, value);
    }
  }

  void flagIfTrue(String field, boolean value) throws IOException {
    if (value) {
      json.writeBooleanField(field, true);
    }
  }

  void texts(String field, Collection<String> values) throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  void textsUnlessEmpty(String field, Collection<String> values) throws IOException {
    if (!values.isEmpty()) {
      texts(field, values);
    }
  }

  /** {@code {"a":{},"b":{}}}. */
  void keysUnlessEmpty(String field, Collection<String> keys) throws IOException {
    if (keys.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(field);
    for (String key : keys) {
      json.writeObjectFieldStart(key);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  void mapUnlessEmpty(String field, Map<String, String> map) throws IOException {
    if (map.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, String> entry : map.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  void child(String field, Part content) throws IOException {
    json.writeObjectFieldStart(field);
    content.write(this);
    json.writeEndObject();
  }

  void children(String field, Collection<? extends Part> parts) throws IOException {
    json.writeArrayFieldStart(field);
    for (Part part : parts) {
      json.writeStartObject();
      part.write(this);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
