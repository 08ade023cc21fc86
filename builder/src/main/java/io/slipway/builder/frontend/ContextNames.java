package io.slipway.builder.frontend;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.name.Reference;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds named contexts: as they are written, or as the image that both names mean. */
record ContextNames(Map<String, NamedContext> contexts) {

  Optional<StageTable.Origin> find(String name) {
    for (Map.Entry<String, NamedContext> context : contexts.entrySet()) {
      if (means(context.getKey(), name)) {
        return Optional.of(new StageTable.Origin.Context(context.getKey(), context.getValue()));
      }
    }
    return Optional.empty();
  }

  private static boolean means(String context, String name) {
    if (context.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
      return true;
    }
    Optional<Reference> wanted = reference(name);
    return wanted.isPresent() && wanted.equals(reference(context));
  }

  private static Optional<Reference> reference(String name) {
    try {
      return Optional.of(Reference.parseWithDefaultTag(name));
    } catch (SlipwayException e) {
      // no image can be called that
      return Optional.empty();
    }
  }
}
