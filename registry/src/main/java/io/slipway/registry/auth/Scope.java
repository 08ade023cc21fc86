package io.slipway.registry.auth;

import io.slipway.registry.config.Action;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a client asks a token for: {@code repository:team/app:pull,push}. The name may hold a colon
 * itself, so the first and the last one part the three.
 */
record Scope(String type, String name, List<String> actions) {
  Scope {
    actions = List.copyOf(actions);
  }

  /** Empty when it is not made of three parts. */
  static Optional<Scope> parse(String text) {
    int first = text.indexOf(':');
    int last = text.lastIndexOf(':');
    if (first <= 0 || last == first) {
      return Optional.empty();
    }
    return Optional.of(
        new Scope(
            text.substring(0, first),
            text.substring(first + 1, last),
            List.of(text.substring(last + 1).split(","))));
  }

  /** As a challenge asks for it. */
  static String of(AccessRequest request) {
    if (request.isCatalog()) {
      return "registry:catalog:*";
    }
    return request
        .repository()
        .map(r -> "repository:" + r.value() + ":" + names(request.actions()))
        .orElse("");
  }

  static String names(Set<Action> actions) {
    return actions.stream()
        .sorted()
        .map(a -> a.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }

  boolean wants(Action action) {
    return actions.contains("*") || actions.contains(action.name().toLowerCase(Locale.ROOT));
  }
}
