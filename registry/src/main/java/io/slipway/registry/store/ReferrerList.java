package io.slipway.registry.store;

import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The manifests that refer to another one: those pushed with it as their subject, and those that
 * clients of older registries listed in an index under the tag {@code <algorithm>-<hex>}.
 */
public final class ReferrerList {
  /** The longest hash that fits such a tag (distribution-spec "Referrers Tag Schema"). */
  private static final int TAG_HEX = 64;

  private final MetadataStore metadata;
  private final RepositoryManifests manifests;

  ReferrerList(MetadataStore metadata, RepositoryManifests manifests) {
    this.metadata = metadata;
    this.manifests = manifests;
  }

  /**
   * A page of descriptors by digest; empty for unknown repositories too. {@code artifactType} empty
   * means all, {@code page.after} is a digest.
   */
  public List<Descriptor> list(
      RepositoryName repository, Digest subject, String artifactType, Page page) {
    Map<Digest, Descriptor> found = new HashMap<>();
    for (ManifestRecord record :
        metadata.manifests().referrers(repository, subject, artifactType, page)) {
      found.put(record.digest(), describe(record));
    }
    for (Descriptor tagged : tagged(repository, subject)) {
      if (!found.containsKey(tagged.digest())
          && metadata.manifests().find(repository, tagged.digest()).isPresent()) {
        found.put(tagged.digest(), tagged);
      }
    }
    return page(found.values(), artifactType, page);
  }

  /** A page of known descriptors, as {@link #list} gives it. */
  public static List<Descriptor> page(Collection<Descriptor> all, String artifactType, Page page) {
    return all.stream()
        .filter(one -> artifactType.isEmpty() || one.artifactType().equals(artifactType))
        .filter(one -> one.digest().toString().compareTo(page.after()) > 0)
        .sorted(Comparator.comparing(descriptor -> descriptor.digest().toString()))
        .limit(page.limit())
        .toList();
  }

  private static Descriptor describe(ManifestRecord record) {
    return new Descriptor(
        record.mediaType(),
        record.digest(),
        record.size(),
        Optional.empty(),
        record.annotations(),
        List.of(),
        record.artifactType());
  }

  private List<Descriptor> tagged(RepositoryName repository, Digest subject) {
    String hex = subject.hex();
    String tag =
        subject.algorithm().label() + "-" + hex.substring(0, Math.min(TAG_HEX, hex.length()));
    if (metadata.tags().resolve(repository, tag).isEmpty()) {
      return List.of();
    }
    StoredManifest stored = manifests.require(repository, new ManifestReference.ByTag(tag));
    Bytes content = Bytes.copyOf(stored.content());
    return ManifestReader.parse(content, stored.record().mediaType()) instanceof ImageIndex index
        ? new ArrayList<>(index.manifests())
        : List.of();
  }
}
