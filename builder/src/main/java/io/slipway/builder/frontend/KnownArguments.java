package io.slipway.builder.frontend;

import io.slipway.image.error.SlipwayException;
import java.util.Map;

/** Build arguments that say how to build, as BuildKit's frontend knows them. */
public enum KnownArguments {
  /** The checkout that is the context keeps its {@code .git}. */
  BUILDKIT_CONTEXT_KEEP_GIT_DIR,

  /** The image's config holds the cache of its layers. */
  BUILDKIT_INLINE_CACHE,

  /** The result is an index, and a folder for each platform, also if there is one only. */
  BUILDKIT_MULTI_PLATFORM;

  /**
   * Whether it is given and true.
   *
   * @throws SlipwayException INVALID for what is neither true nor false
   */
  public boolean in(Map<String, String> arguments) {
    String value = arguments.getOrDefault(name(), "");
    return switch (value) {
      case "1", "t", "T", "TRUE", "true", "True" -> true;
      case "", "0", "f", "F", "FALSE", "false", "False" -> false;
      default ->
          throw SlipwayException.invalid("invalid boolean value for " + name() + ": " + value);
    };
  }
}
