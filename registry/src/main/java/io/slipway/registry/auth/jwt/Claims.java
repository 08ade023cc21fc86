package io.slipway.registry.auth.jwt;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Objects;

/**
 * What a believed token says.
 *
 * @param subject empty text when it names nobody
 * @param body all of it
 */
public record Claims(String subject, Instant expires, JsonNode body) {
  public Claims {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(expires, "expires");
    Objects.requireNonNull(body, "body");
  }
}
