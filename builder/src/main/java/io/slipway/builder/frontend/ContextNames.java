package io.slipway.builder.frontend;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds named contexts: as they are written, or as the image that both names mean. One that is
 * called {@code NAME::PLATFORM} stands for the name when that platform is built.
 */
record ContextNames(Map<String, NamedContext> contexts, Platform platform) {
  private static final String OF_PLATFORM = "::";

  Optional<StageTable.Origin> find(String name) {
    return find(name, true).or(() -> find(name, false));
  }

  private Optional<StageTable.Origin> find(String name, boolean ofPlatform) {
    for (Map.Entry<String, NamedContext> context : contexts.entrySet()) {
      String[] parts = context.getKey().split(OF_PLATFORM, 2);
      boolean fits = ofPlatform == parts.length > 1;
      if (fits && means(parts[0], name) && (!ofPlatform || isBuilt(parts[1]))) {
        return Optional.of(new StageTable.Origin.Context(context.getKey(), context.getValue()));
      }
    }
    return Optional.empty();
  }

  private boolean isBuilt(String text) {
    return Platform.parse(text).equals(platform);
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
