package io.slipway.cli.manifest;

import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.name.Reference;
import io.slipway.image.name.Repository;
import io.slipway.image.remote.CredentialSource;
import io.slipway.image.remote.RegistryClient;
import io.slipway.image.remote.RegistryConnections;
import io.slipway.image.remote.RegistrySettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Manifests in registries. */
public final class RegistryManifests implements AutoCloseable {
  private final RegistryConnections connections;
  private final CredentialSource credentials;

  /**
   * {@code insecure} are registries that may speak plain HTTP; those on this machine may anyway.
   */
  public RegistryManifests(CredentialSource credentials, Set<String> insecure) {
    this.connections = new RegistryConnections(RegistrySettings.DEFAULT.withInsecure(insecure));
    this.credentials = credentials;
  }

  /** What a name stands for: one image, or those of a list. */
  public record Found(List<ListedManifest> images, boolean isList) {}

  public Found find(Reference name) throws IOException {
    RegistryClient registry = connections.forPull(name.repository(), credentials);
    return switch (manifest(registry, name)) {
      case ImageManifest image -> new Found(List.of(listed(registry, name, image)), false);
      case ImageIndex index -> new Found(listed(registry, name, index), true);
    };
  }

  private static Manifest manifest(RegistryClient registry, Reference name) throws IOException {
    try {
      return registry.manifest(name.manifestReference());
    } catch (SlipwayException e) {
      throw e.kind() == ErrorKind.NOT_FOUND
          ? new SlipwayException(ErrorKind.NOT_FOUND, "no such manifest: " + name, e)
          : e;
    }
  }

  private static ListedManifest listed(RegistryClient registry, Reference name, ImageManifest image)
      throws IOException {
    ImageConfig config =
        ImageConfig.parse(registry.smallBlob(image.config(), ImageConfig.MAX_BYTES));
    return new ListedManifest(
        name, image.descriptor().withPlatform(config.platform()), image.bytes());
  }

  private static List<ListedManifest> listed(
      RegistryClient registry, Reference name, ImageIndex index) throws IOException {
    List<ListedManifest> images = new ArrayList<>();
    for (Descriptor place : index.manifests()) {
      Reference exact =
          new Reference(name.repository(), name.tag(), java.util.Optional.of(place.digest()));
      Manifest image = manifest(registry, exact);
      images.add(new ListedManifest(exact, place, image.bytes()));
    }
    return images;
  }

  /**
   * Pushes a list: blobs and manifests of images in other repositories first, which the registry
   * takes from there. {@code pushed} is told of each of those.
   *
   * @return the list's descriptor
   */
  public Descriptor push(Reference name, ManifestList list, Consumer<ListedManifest> pushed)
      throws IOException {
    for (ListedManifest image : list.images()) {
      check(name, image);
    }
    RegistryClient registry = connections.forPush(name.repository(), credentials);
    for (ListedManifest image : list.images()) {
      Repository source = image.reference().repository();
      if (!source.equals(name.repository())) {
        take(registry, image, source);
        Reference there = name.withDigest(image.descriptor().digest());
        pushed.accept(new ListedManifest(there, image.descriptor(), image.manifest()));
      }
    }
    Bytes bytes = list.bytes();
    Manifest manifest = Manifest.parse(bytes, list.mediaType());
    registry.putManifest(name.manifestReference(), manifest);
    return manifest.descriptor();
  }

  private static void check(Reference name, ListedManifest image) {
    if (image.platform().os().isEmpty() || image.platform().architecture().isEmpty()) {
      throw SlipwayException.invalid(
          "manifest %s must have an OS and Architecture to be pushed to a registry"
              .formatted(image.reference()));
    }
    String from = image.reference().repository().domain();
    if (!from.equals(name.repository().domain())) {
      throw SlipwayException.invalid(
          "cannot use source images from a different registry than the target image: %s != %s"
              .formatted(from, name.repository().domain()));
    }
  }

  private static void take(RegistryClient registry, ListedManifest image, Repository source)
      throws IOException {
    ImageManifest parts = image.image();
    List<Descriptor> blobs = new ArrayList<>(parts.layers());
    blobs.add(parts.config());
    for (Descriptor blob : blobs) {
      if (!registry.take(blob.digest(), source)) {
        throw new SlipwayException(
            ErrorKind.UNSUPPORTED,
            "the registry does not let %s have blob %s of %s: push the image to %s first"
                .formatted(registry.repository(), blob.digest(), source, registry.repository()));
      }
    }
    registry.putManifest(image.descriptor().digest().toString(), parts);
  }

  @Override
  public void close() {
    connections.close();
  }
}
