package io.slipway.image.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.RegistryException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Error answers of registries as exceptions with docker's texts. */
final class RegistryErrors {
  static final ObjectMapper JSON = JsonMapper.builder().build();

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int MAX_MESSAGE = 500;

  private static final Map<Integer, ErrorKind> KINDS =
      Map.of(
          400,
          ErrorKind.INVALID,
          401,
          ErrorKind.UNAUTHORIZED,
          403,
          ErrorKind.FORBIDDEN,
          404,
          ErrorKind.NOT_FOUND,
          405,
          ErrorKind.UNSUPPORTED,
          409,
          ErrorKind.CONFLICT,
          412,
          ErrorKind.CONFLICT,
          TOO_MANY_REQUESTS,
          ErrorKind.UNAVAILABLE,
          507,
          ErrorKind.NO_SPACE);

  /** 501 and 505 to 511 will be the same next time. */
  private static final Set<Integer> TRANSIENT = Set.of(408, TOO_MANY_REQUESTS, 500, 502, 503, 504);

  private RegistryErrors() {}

  /** What an answer other than 2xx says; reads its body. */
  static RegistryException of(RegistryResponse response) {
    int status = response.status();
    ErrorKind kind =
        KINDS.getOrDefault(status, status >= 500 ? ErrorKind.UNAVAILABLE : ErrorKind.INVALID);
    String body = response.errorBody();
    JsonNode first = firstError(body);
    String code = first.path("code").asText("");
    Optional<Duration> later = retryAfter(response);
    if (code.isEmpty()) {
      return new RegistryException(kind, status, "", unexpected(response, body), later);
    }
    String message = first.path("message").asText("");
    String words = code.toLowerCase(Locale.ROOT).replace('_', ' ');
    return new RegistryException(
        kind, status, code, message.isEmpty() ? words : words + ": " + oneLine(message), later);
  }

  /** Whether the same request may succeed later. */
  static boolean isTransient(int status) {
    return TRANSIENT.contains(status);
  }

  /** The Retry-After header: seconds or an HTTP date. */
  static Optional<Duration> retryAfter(RegistryResponse response) {
    return response.header("Retry-After").flatMap(RegistryErrors::delay);
  }

  private static Optional<Duration> delay(String text) {
    String value = text.strip();
    if (value.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      Instant when = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration delay = Duration.between(Instant.now(), when);
      return Optional.of(delay.isNegative() ? Duration.ZERO : delay);
    } catch (DateTimeException e) {
      // a header that cannot be read is as good as none
      return Optional.empty();
    }
  }

  /** The first of {@code {"errors":[...]}}. */
  private static JsonNode firstError(String body) {
    try {
      return JSON.readTree(body).path("errors").path(0);
    } catch (JsonProcessingException e) {
      // a proxy's HTML page, most likely; the status says enough
      return JSON.missingNode();
    }
  }

  private static String unexpected(RegistryResponse response, String body) {
    String detail = "";
    try {
      JsonNode json = JSON.readTree(body);
      detail = json.path("details").asText(json.path("error_description").asText(""));
    } catch (JsonProcessingException e) {
      // not JSON: nothing to add
      detail = "";
    }
    String method = NetworkErrors.sentence(response.response().request().method());
    return method
        + " \""
        + NetworkErrors.withoutQuery(response.uri())
        + "\": unexpected status from registry: "
        + response.status()
        + (detail.isEmpty() ? "" : ": " + oneLine(detail));
  }

  private static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "..." : line;
  }
}
