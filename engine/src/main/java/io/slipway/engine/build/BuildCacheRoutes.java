package io.slipway.engine.build;

import io.slipway.builder.prune.BuildCache;
import io.slipway.builder.prune.CachedItem;
import io.slipway.builder.prune.PruneRequest;
import io.slipway.engine.http.Filters;
import io.slipway.engine.http.Query;
import io.slipway.engine.http.Reply;
import io.slipway.engine.http.Request;
import io.slipway.engine.http.Route;
import io.slipway.image.error.SlipwayException;
import java.io.IOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /build/prune}: making the build cache smaller. */
public final class BuildCacheRoutes {
  private static final Set<String> FILTERS =
      Set.of("id", "type", "description", "inuse", "shared", "private", "until", "unused-for");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12}(?:\\.\\d+)?)(h|ms|m|s)");

  private final BuildCache cache;
  private final Clock clock;

  public BuildCacheRoutes(BuildCache cache, Clock clock) {
    this.cache = cache;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(Route.post("/build/prune", this::prune));
  }

  /** What was removed. */
  private record PrunedJson(List<String> cachesDeleted, long spaceReclaimed) {}

  private Reply prune(Request request) throws IOException {
    BuildCache.Pruned pruned = cache.prune(read(request.query()));
    return Reply.json(new PrunedJson(pruned.ids().isEmpty() ? null : pruned.ids(), pruned.bytes()));
  }

  /** {@code all} makes no difference: there is nothing that only it would remove. */
  private PruneRequest read(Query query) {
    Filters filters = query.filters().accept(FILTERS);
    long keep = bytes(query, "keep-storage").orElse(0);
    return new PruneRequest(
        item -> matches(filters, item),
        usedBefore(filters),
        bytes(query, "reserved-space").orElse(keep),
        bytes(query, "max-used-space"),
        bytes(query, "min-free-space"));
  }

  private static boolean matches(Filters filters, CachedItem item) {
    return filters.anyMatch("id", id -> item.id().startsWith(id))
        && filters.anyMatch("type", type -> item.type().word().equals(type))
        && filters.anyMatch("description", text -> item.description().contains(text))
        && filters.flag("inuse", item.inUse()) == item.inUse()
        && filters.flag("shared", item.shared()) == item.shared()
        && filters.flag("private", !item.shared()) == !item.shared();
  }

  private Optional<Instant> usedBefore(Filters filters) {
    for (String name : List.of("until", "unused-for")) {
      if (filters.has(name)) {
        return Optional.of(time(name, filters.values(name).iterator().next()));
      }
    }
    return Optional.empty();
  }

  /** A Go duration back from now, seconds since 1970, or RFC 3339. */
  private Instant time(String name, String text) {
    Matcher part = DURATION.matcher(text);
    Duration ago = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      ago = ago.plus(duration(Double.parseDouble(part.group(1)), part.group(2)));
      end = part.end();
    }
    if (end == text.length() && end > 0) {
      return clock.instant().minus(ago);
    }
    try {
      return text.matches("\\d{1,12}")
          ? Instant.ofEpochSecond(Long.parseLong(text))
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw SlipwayException.invalid(
          "invalid filter '" + name + "=" + text + "': use a duration such as 24h, or a time");
    }
  }

  private static Duration duration(double number, String unit) {
    long millis =
        switch (unit) {
          case "h" -> 3_600_000;
          case "m" -> 60_000;
          case "s" -> 1000;
          default -> 1;
        };
    return Duration.ofMillis((long) (number * millis));
  }

  private static OptionalLong bytes(Query query, String name) {
    String text = query.text(name);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,18}")) {
      throw SlipwayException.invalid("invalid value for " + name + ": " + text);
    }
    return OptionalLong.of(Long.parseLong(text));
  }
}
