package io.slipway.image.remote;

import java.util.Objects;

/**
 * A repository that a search found.
 *
 * @param name with the registry's domain unless it is Docker Hub
 */
public record FoundImage(String name, String description, int stars, boolean official) {
  public FoundImage {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
  }
}
