package io.slipway.image.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A list of manifests, usually one per platform. */
public record ImageIndex(
    Bytes bytes,
    Descriptor descriptor,
    List<Descriptor> manifests,
    Optional<Descriptor> subject,
    String artifactType,
    Map<String, String> annotations)
    implements Manifest {

  public ImageIndex {
    Objects.requireNonNull(bytes, "bytes");
    Objects.requireNonNull(descriptor, "descriptor");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(artifactType, "artifactType");
    manifests = List.copyOf(manifests);
    annotations = Map.copyOf(annotations);
  }

  /** Writes a new index of the given family. */
  public static ImageIndex create(
      ManifestFormat format, List<Descriptor> manifests, Map<String, String> annotations) {
    return ManifestJson.writeIndex(format, manifests, annotations);
  }

  /**
   * The first manifest for {@code wanted}; when none has its variant, the first of the same
   * operating system and processor. Descriptors without a platform never match.
   */
  public Optional<Descriptor> select(Platform wanted) {
    Platform normal = wanted.normalized();
    Optional<Descriptor> exact =
        manifests.stream()
            .filter(d -> d.platform().filter(p -> p.matches(normal)).isPresent())
            .findFirst();
    return exact.isPresent()
        ? exact
        : manifests.stream()
            .filter(
                d -> d.platform().filter(p -> sameProcessor(p.normalized(), normal)).isPresent())
            .findFirst();
  }

  private static boolean sameProcessor(Platform a, Platform b) {
    return a.os().equals(b.os()) && a.architecture().equals(b.architecture());
  }
}
