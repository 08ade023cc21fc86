package io.slipway.engine.system;

import io.slipway.engine.http.Cancellation;
import io.slipway.engine.http.Filters;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.model.Json;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** {@code GET /events}. */
final class EventRoutes {
  private static final long LOOK_MILLIS = 1_000;
  private static final BigDecimal NANOS = BigDecimal.valueOf(1_000_000_000L);

  private static final Set<String> FILTERS =
      Set.of(
          "config",
          "container",
          "daemon",
          "event",
          "image",
          "label",
          "network",
          "node",
          "plugin",
          "scope",
          "secret",
          "service",
          "type",
          "volume");

  private final EventBus bus;
  private final Clock clock;

  EventRoutes(EventBus bus, Clock clock) {
    this.bus = bus;
    this.clock = clock;
  }

  Reply events(Request request) {
    Filters filters = request.query().filters().accept(FILTERS);
    Optional<Instant> since = time("since", request.query().text("since"));
    Optional<Instant> until = time("until", request.query().text("until"));
    if (since.isPresent() && until.isPresent() && until.get().isBefore(since.get())) {
      throw SlipwayException.invalid("`since` time cannot be after `until` time");
    }
    return Reply.stream(
        Reply.JSON, out -> send(filters, since, until, request.cancellation(), out));
  }

  private void send(
      Filters filters,
      Optional<Instant> since,
      Optional<Instant> until,
      Cancellation cancellation,
      OutputStream out)
      throws IOException, InterruptedException {
    try (EventBus.Subscription subscription = bus.subscribe(since)) {
      while (!cancellation.isCancelled()) {
        Optional<Event> event = subscription.next(wait(until));
        if (event.isEmpty()) {
          if (until.isPresent() && !clock.instant().isBefore(until.get())) {
            return;
          }
        } else if (until.isPresent() && event.get().at().isAfter(until.get())) {
          return;
        } else if (matches(filters, event.get())) {
          byte[] json = Json.bytes(event.get().message());
          byte[] line = Arrays.copyOf(json, json.length + 1);
          line[json.length] = '\n';
          out.write(line);
        }
      }
    }
  }

  /** Looks from time to time whether the client is still there. */
  private long wait(Optional<Instant> until) {
    return until
        .map(end -> Math.clamp(Duration.between(clock.instant(), end).toMillis(), 0, LOOK_MILLIS))
        .orElse(LOOK_MILLIS);
  }

  private static boolean matches(Filters filters, Event event) {
    return filters.anyMatch("type", type -> type.equals(event.type()))
        && filters.anyMatch("event", name -> action(name, event))
        && filters.anyMatch("scope", scope -> scope.equals("local"))
        && filters.labelsMatch("label", event.attributes())
        && actor(filters, "container", event)
        && actor(filters, "image", event)
        && actor(filters, "network", event)
        && actor(filters, "volume", event)
        && actor(filters, "daemon", event);
  }

  /** Actions such as {@code exec_start: ls} are found by what is before the colon. */
  private static boolean action(String name, Event event) {
    return event.action().equals(name) || event.action().startsWith(name + ":");
  }

  private static boolean actor(Filters filters, String type, Event event) {
    return filters.anyMatch(
        type,
        wanted ->
            event.type().equals(type)
                && (event.actorId().startsWith(wanted)
                    || wanted.equals(event.attributes().get("name"))
                    || type.equals("image") && wanted.equals(event.attributes().get("image"))));
  }

  /** Seconds since 1970 with an optional fraction, or RFC 3339. */
  private static Optional<Instant> time(String name, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (text.matches("\\d{1,18}(\\.\\d{1,9})?")) {
        BigDecimal[] parts = new BigDecimal(text).multiply(NANOS).divideAndRemainder(NANOS);
        return Optional.of(Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValue()));
      }
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw SlipwayException.invalid("invalid value for \"" + name + "\": " + text);
    }
  }
}
