package io.slipway.builder.frontend;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which RUN, COPY and ADD steps are carried out even if their results are known. Their new results
 * are stored all the same.
 *
 * @param none no step uses the cache ({@code --no-cache})
 * @param notStages the steps of these stages do not ({@code --no-cache-filter}), in lower case
 */
public record CacheUse(boolean none, Set<String> notStages) {

  /** Every step uses the cache. */
  public static final CacheUse ALL = new CacheUse(false, Set.of());

  /** No step does. */
  public static final CacheUse NONE = new CacheUse(true, Set.of());

  public CacheUse {
    notStages =
        notStages.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }
}
