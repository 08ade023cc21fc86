package io.slipway.image.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Docker's AuthConfig object, as in {@code X-Registry-Auth} and under {@code auths} of the config
 * file: {@code username}, {@code password}, {@code auth} (both in base64), {@code identitytoken},
 * {@code registrytoken}.
 */
final class AuthConfigJson {
  private AuthConfigJson() {}

  static Credentials read(JsonNode json) {
    String registryToken = json.path("registrytoken").asText("");
    if (!registryToken.isEmpty()) {
      return new Credentials.RegistryToken(registryToken);
    }
    String identityToken = json.path("identitytoken").asText("");
    if (!identityToken.isEmpty()) {
      return new Credentials.IdentityToken(identityToken);
    }
    String user = json.path("username").asText("");
    if (!user.isEmpty()) {
      return new Credentials.Basic(user, json.path("password").asText(""));
    }
    String pair = json.path("auth").asText("");
    return pair.isEmpty() ? new Credentials.Anonymous() : decode(pair);
  }

  private static Credentials decode(String base64) {
    String pair;
    try {
      pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "registry credentials are not valid base64: log in again", e);
    }
    int colon = pair.indexOf(':');
    if (colon <= 0) {
      throw SlipwayException.invalid(
          "registry credentials are not of the form user:password: log in again");
    }
    // docker pads the password with zero bytes in old files
    return new Credentials.Basic(
        pair.substring(0, colon), pair.substring(colon + 1).replaceAll("\0+$", ""));
  }
}
