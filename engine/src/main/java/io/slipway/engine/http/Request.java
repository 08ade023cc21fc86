package io.slipway.engine.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * A request that found its route.
 *
 * @param parameters the decoded path parameters of the route's pattern
 * @param body the body, read from the connection as the handler reads it
 * @param cancellation fires when the client is gone
 * @param local whether the client is on this machine
 */
public record Request(
    String method,
    String path,
    ApiVersion version,
    Map<String, String> parameters,
    Query query,
    Headers headers,
    InputStream body,
    Cancellation cancellation,
    boolean local) {
  /** A JSON body may hold a whole container description, never more than this. */
  private static final int MAX_JSON_BYTES = 8 << 20;

  public Request {
    parameters = Map.copyOf(parameters);
  }

  /** A path parameter the route's pattern names. */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException("no path parameter " + name + " in this route");
    }
    return value;
  }

  /** The JSON body as a record, with Docker's errors for a missing, wrong or untyped body. */
  public <T> T json(Class<T> type) throws IOException {
    return convert(jsonTree(), type);
  }

  /** The JSON body as a tree, for endpoints that also look at unknown fields. */
  public JsonNode jsonTree() throws IOException {
    byte[] bytes = jsonBytes();
    if (bytes.length == 0) {
      throw SlipwayException.invalid("invalid JSON: got EOF while reading request body");
    }
    try {
      return Json.read(bytes, JsonNode.class);
    } catch (JsonProcessingException e) {
      throw invalid(e);
    }
  }

  /** Turns a part of {@link #jsonTree} into a record, with Docker's error. */
  public static <T> T convert(JsonNode tree, Class<T> type) throws IOException {
    try {
      // null is the value with nothing set, as for Docker
      return Json.convert(tree.isNull() ? JsonNodeFactory.instance.objectNode() : tree, type);
    } catch (JsonProcessingException e) {
      throw invalid(e);
    }
  }

  /** For endpoints whose JSON body may be left out. */
  public boolean hasJsonBody() {
    return headers.first("Content-Length").map(n -> !n.strip().equals("0")).orElse(false)
        || headers.first("Transfer-Encoding").isPresent();
  }

  private byte[] jsonBytes() throws IOException {
    byte[] bytes = body.readNBytes(MAX_JSON_BYTES + 1);
    if (bytes.length > MAX_JSON_BYTES) {
      throw SlipwayException.invalid("request body is larger than " + MAX_JSON_BYTES + " bytes");
    }
    if (bytes.length > 0) {
      String type = headers.first("Content-Type").orElse("");
      String media = type.split(";", 2)[0].strip();
      if (!media.equalsIgnoreCase("application/json")) {
        throw SlipwayException.invalid(
            "unsupported Content-Type header (" + type + "): must be 'application/json'");
      }
    }
    return bytes;
  }

  private static SlipwayException invalid(JsonProcessingException e) {
    return SlipwayException.invalid("invalid JSON: " + JsonFault.of(e));
  }
}
