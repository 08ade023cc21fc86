package io.slipway.image.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One image: its config and its layers, base first. */
public record ImageManifest(
    Bytes bytes,
    Descriptor descriptor,
    Descriptor config,
    List<Descriptor> layers,
    Optional<Descriptor> subject,
    String artifactType,
    Map<String, String> annotations)
    implements Manifest {

  public ImageManifest {
    Objects.requireNonNull(bytes, "bytes");
    Objects.requireNonNull(descriptor, "descriptor");
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(artifactType, "artifactType");
    layers = List.copyOf(layers);
    annotations = Map.copyOf(annotations);
  }

  /** Writes a new manifest of the given family; media types of the parts are taken as they are. */
  public static ImageManifest create(
      ManifestFormat format,
      Descriptor config,
      List<Descriptor> layers,
      Map<String, String> annotations) {
    return ManifestJson.write(format, config, layers, annotations);
  }
}
