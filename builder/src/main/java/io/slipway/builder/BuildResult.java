package io.slipway.builder;

import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a successful build made.
 *
 * @param imageId digest of the image's config, also the content of an iidfile; empty if no output
 *     asked for an image
 * @param tags the names the image got
 * @param ranSteps steps that were carried out
 * @param cachedSteps steps whose results were there already
 * @param elapsed from the start of {@link Build#run}
 */
public record BuildResult(
    Optional<Digest> imageId,
    List<Reference> tags,
    int ranSteps,
    int cachedSteps,
    Duration elapsed) {

  public BuildResult {
    Objects.requireNonNull(imageId, "imageId");
    tags = List.copyOf(tags);
    Objects.requireNonNull(elapsed, "elapsed");
  }
}
