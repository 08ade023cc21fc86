package io.slipway.image.catalog;

import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An image as the catalog knows it: a snapshot of one moment.
 *
 * @param id digest of the config, whose bytes are in the blob store
 * @param manifests the manifests it came with or was pushed as, oldest first
 * @param tags references with a tag, sorted
 * @param added when the catalog first learned of it
 * @param lastTagged when a tag was last put on it; empty when untagged
 */
public record ImageRecord(
    Digest id,
    List<ManifestOrigin> manifests,
    List<Reference> tags,
    Instant added,
    Optional<Instant> lastTagged) {

  public ImageRecord {
    Objects.requireNonNull(id, "id");
    manifests = List.copyOf(manifests);
    tags = List.copyOf(tags);
    Objects.requireNonNull(added, "added");
    Objects.requireNonNull(lastTagged, "lastTagged");
  }

  /** The references with a digest under which registries know this image, without doubles. */
  public List<Reference> repoDigests() {
    return manifests.stream().map(ManifestOrigin::reference).distinct().sorted().toList();
  }
}
