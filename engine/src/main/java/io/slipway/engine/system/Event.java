package io.slipway.engine.system;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param type container, image, network, volume, builder or daemon
 * @param attributes always with the object's name; for containers also image and labels
 */
public record Event(
    String type, String action, String actorId, Map<String, String> attributes, Instant at) {
  private static final long NANOS = 1_000_000_000L;

  public Event {
    attributes = new LinkedHashMap<>(attributes);
  }

  long nanos() {
    return at.getEpochSecond() * NANOS + at.getNano();
  }

  /** As it is sent; containers and images also have the fields of old clients. */
  Message message() {
    boolean old = type.equals("container") || type.equals("image");
    return new Message(
        old ? action : null,
        old ? actorId : null,
        old ? attributes.get(type.equals("container") ? "image" : "name") : null,
        type,
        action,
        new Actor(actorId, attributes),
        "local",
        at.getEpochSecond(),
        nanos());
  }

  /** Docker's JSON. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Message(
      @JsonProperty("status") String status,
      @JsonProperty("id") String id,
      @JsonProperty("from") String from,
      @JsonProperty("Type") String type,
      @JsonProperty("Action") String action,
      @JsonProperty("Actor") Actor actor,
      @JsonProperty("scope") String scope,
      @JsonProperty("time") long time,
      @JsonProperty("timeNano") long timeNano) {}

  /** What it happened to. */
  record Actor(
      @JsonProperty("ID") String id, @JsonProperty("Attributes") Map<String, String> attributes) {}
}
