package io.slipway.registry.store;

import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.registry.config.SparseManifests;
import java.util.ArrayList;
import java.util.List;

/** What the registry wants to know of a pushed manifest. */
final class ManifestReader {

  /** A manifest to record, and what it names. */
  record Reading(ManifestRecord record, List<ContentReference> references) {}

  private final SparseManifests sparse;

  ManifestReader(SparseManifests sparse) {
    this.sparse = sparse;
  }

  /** MANIFEST_INVALID when the content is no manifest of a known type. */
  static Manifest parse(Bytes content, String mediaType) {
    try {
      return Manifest.parse(content, mediaType);
    } catch (SlipwayException e) {
      throw RegistryFault.of(ErrorCode.MANIFEST_INVALID, e.getMessage());
    }
  }

  /** Parses and reads; {@code algorithm} names the manifest. */
  Reading read(Bytes content, String mediaType, DigestAlgorithm algorithm) {
    Manifest manifest = parse(content, mediaType);
    Digest digest =
        algorithm == DigestAlgorithm.SHA256
            ? manifest.descriptor().digest()
            : content.digest(algorithm);
    ManifestRecord record =
        new ManifestRecord(
            digest,
            manifest.descriptor().mediaType(),
            content.size(),
            artifactType(manifest),
            manifest.subject().map(Descriptor::digest),
            manifest.annotations());
    return new Reading(record, references(manifest));
  }

  /** As referrers lists show it (distribution-spec "Listing Referrers"). */
  private static String artifactType(Manifest manifest) {
    if (!manifest.artifactType().isEmpty()) {
      return manifest.artifactType();
    }
    return switch (manifest) {
      case ImageManifest image -> image.config().mediaType();
      case ImageIndex index -> "";
    };
  }

  private List<ContentReference> references(Manifest manifest) {
    List<ContentReference> references = new ArrayList<>();
    switch (manifest) {
      case ImageManifest image -> {
        boolean required = sparse != SparseManifests.ALLOW_ALL;
        references.add(
            new ContentReference(image.config().digest(), ContentReference.Kind.CONFIG, required));
        for (Descriptor layer : image.layers()) {
          references.add(
              new ContentReference(
                  layer.digest(), ContentReference.Kind.LAYER, required && !isElsewhere(layer)));
        }
      }
      case ImageIndex index -> {
        boolean required = sparse == SparseManifests.REJECT;
        for (Descriptor child : index.manifests()) {
          references.add(
              new ContentReference(child.digest(), ContentReference.Kind.CHILD, required));
        }
      }
    }
    manifest
        .subject()
        .ifPresent(subject ->
            references.add(
                new ContentReference(subject.digest(), ContentReference.Kind.SUBJECT, false)));
    return references;
  }

  private static boolean isElsewhere(Descriptor layer) {
    return MediaTypes.isForeignLayer(layer.mediaType()) || !layer.urls().isEmpty();
  }
}
