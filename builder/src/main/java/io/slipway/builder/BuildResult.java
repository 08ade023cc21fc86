package io.slipway.builder;

import io.slipway.image.model.Descriptor;
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
 * @param manifest what was packed: a manifest, or an index of several; empty if nothing was
 * @param tags the names the image got
 * @param ranSteps steps that were carried out
 * @param cachedSteps steps whose results were there already
 * @param elapsed from the start of {@link Build#run}
 */
public record BuildResult(
    Optional<Digest> imageId,
    Optional<Descriptor> manifest,
    List<Reference> tags,
    int ranSteps,
    int cachedSteps,
    Duration elapsed) {

  public BuildResult {
    Objects.requireNonNull(imageId, "imageId");
    Objects.requireNonNull(manifest, "manifest");
    tags = List.copyOf(tags);
    Objects.requireNonNull(elapsed, "elapsed");
  }
}
