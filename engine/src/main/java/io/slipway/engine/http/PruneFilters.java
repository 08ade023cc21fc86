package io.slipway.engine.http;

import io.slipway.image.error.SlipwayException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a prune may take: filters {@code label}, {@code label!} and {@code until}. */
public record PruneFilters(Filters filters, Optional<Instant> until) {

  /**
   * @param filters whose keys were checked already
   */
  public static PruneFilters of(Filters filters, Instant now) {
    if (filters.values("until").size() > 1) {
      throw SlipwayException.invalid("more than one until filter specified");
    }
    return new PruneFilters(
        filters,
        filters.values("until").stream().findFirst().map(text -> TimeText.parse(text, now)));
  }

  /** Whether something of that age with these labels may go. */
  public boolean take(Instant created, Map<String, String> labels) {
    boolean excluded = filters.has("label!") && filters.labelsMatch("label!", labels);
    return filters.labelsMatch("label", labels)
        && !excluded
        && until.map(created::isBefore).orElse(true);
  }
}
