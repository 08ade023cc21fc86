package io.slipway.image.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One JSON object read field by field with errors that name the field. JSON null and an absent
 * field are the same, as they are to Go's decoder, which wrote most images.
 */
record JsonFields(String subject, JsonNode node) {
  private static final int MAX_DEPTH = 64;

  static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(ImageConfig.MAX_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Parses a document that must be an object of at most {@code maxBytes}. */
  static JsonFields parse(String subject, Bytes bytes, int maxBytes) {
    if (bytes.size() > maxBytes) {
      throw SlipwayException.invalid(
          subject + " has " + bytes.size() + " bytes, more than the limit of " + maxBytes);
    }
    try {
      return object(subject, MAPPER.readTree(bytes.unsafeArray()));
    } catch (JsonProcessingException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, subject + " is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INVALID, subject + " cannot be read as JSON", e);
    }
  }

  static JsonFields object(String subject, JsonNode node) {
    if (node == null || !node.isObject()) {
      throw SlipwayException.invalid(subject + " is not a JSON object");
    }
    return new JsonFields(subject, node);
  }

  boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** The text of {@code field}, empty when absent. */
  String text(String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return "";
    }
    if (!value.isTextual()) {
      throw wrongType(field, "text");
    }
    return value.textValue();
  }

  long integer(String field, long absent) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return absent;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrongType(field, "an integer");
    }
    return value.longValue();
  }

  boolean flag(String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrongType(field, "true or false");
    }
    return value.booleanValue();
  }

  Optional<JsonFields> child(String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull()
        ? Optional.empty()
        : Optional.of(object(subject + " field " + field, value));
  }

  List<JsonFields> children(String field) {
    List<JsonFields> children = new ArrayList<>();
    for (JsonNode element : array(field)) {
      children.add(object(subject + " field " + field, element));
    }
    return children;
  }

  /** Empty when the field is absent, which some fields tell apart from an empty list. */
  Optional<List<String>> optionalTexts(String field) {
    return has(field) ? Optional.of(texts(field)) : Optional.empty();
  }

  List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(field)) {
      if (!element.isTextual()) {
        throw wrongType(field, "a list of texts");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /** An object of texts; a null value reads as empty text. */
  Map<String, String> textMap(String field) {
    Map<String, String> map = new LinkedHashMap<>();
    child(field)
        .ifPresent(fields ->
            fields.node.fieldNames().forEachRemaining(key -> map.put(key, fields.text(key))));
    return map;
  }

  /** The keys of an object whose values say nothing, as {@code {"80/tcp":{}}}. */
  List<String> keys(String field) {
    List<String> keys = new ArrayList<>();
    child(field).ifPresent(fields -> fields.node.fieldNames().forEachRemaining(keys::add));
    return keys;
  }

  private Iterable<JsonNode> array(String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrongType(field, "a list");
    }
    return value;
  }

  private SlipwayException wrongType(String field, String wanted) {
    return SlipwayException.invalid(subject + " field " + field + " is not " + wanted);
  }
}
