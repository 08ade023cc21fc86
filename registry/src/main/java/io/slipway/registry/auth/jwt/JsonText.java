package io.slipway.registry.auth.jwt;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Base64;

/** JSON that has one meaning only: a name twice or text behind the end is an error. */
final class JsonText {
  static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonText() {}

  /** The object that a part of a token encodes. */
  static JsonNode decode(String part) throws TokenRefused {
    try {
      JsonNode node = JSON.readTree(bytes(part));
      if (node.isObject()) {
        return node;
      }
    } catch (JsonProcessingException e) {
      throw new TokenRefused("malformed token");
    } catch (IOException e) {
      throw new IllegalStateException("memory can be read", e);
    }
    throw new TokenRefused("malformed token");
  }

  static byte[] bytes(String part) throws TokenRefused {
    try {
      if (part.indexOf('=') >= 0) {
        throw new TokenRefused("malformed token");
      }
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      throw new TokenRefused("malformed token");
    }
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
