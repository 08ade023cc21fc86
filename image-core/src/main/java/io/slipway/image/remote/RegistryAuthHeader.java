package io.slipway.image.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The headers in which docker clients hand credentials to an engine. */
public final class RegistryAuthHeader {
  private RegistryAuthHeader() {}

  /**
   * {@code X-Registry-Auth}: one AuthConfig in base64url; anonymous when empty. INVALID when it
   * cannot be read.
   */
  public static Credentials parseAuth(String header) {
    return AuthConfigJson.read(decode("X-Registry-Auth", header));
  }

  /** {@code X-Registry-Config}: AuthConfigs by registry; anonymous for the others. */
  public static CredentialSource parseConfig(String header) {
    JsonNode json = decode("X-Registry-Config", header);
    Map<String, Credentials> byDomain = new HashMap<>();
    json.properties()
        .forEach(entry ->
            byDomain.put(
                DockerConfigCredentials.domain(entry.getKey()),
                AuthConfigJson.read(entry.getValue())));
    return domain -> byDomain.getOrDefault(domain, new Credentials.Anonymous());
  }

  private static JsonNode decode(String name, String header) {
    if (header.isBlank()) {
      return RegistryErrors.JSON.createObjectNode();
    }
    try {
      // both alphabets and missing padding are seen from clients
      String url = header.strip().replace('+', '-').replace('/', '_').replace("=", "");
      JsonNode json = RegistryErrors.JSON.readTree(Base64.getUrlDecoder().decode(url));
      return json.isObject() ? json : RegistryErrors.JSON.createObjectNode();
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw new SlipwayException(ErrorKind.INVALID, "header " + name + " cannot be read", e);
    } catch (IOException e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "header " + name + " cannot be read", e);
    }
  }
}
