package io.slipway.image.archive;

import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.codec.Decompression;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.Platform;
import io.slipway.image.name.Reference;
import io.slipway.image.remote.PullSink;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * Reads images of docker archives (docker, podman, skopeo, jib) and OCI layouts. Where an archive
 * is both, {@code manifest.json} says what it holds, as for docker itself.
 */
public final class ImageArchiveReader {
  /** Full names, put there by containerd and docker. */
  static final String NAME = "io.containerd.image.name";

  /** A tag or, with skopeo, whatever was given: a full name as well. */
  static final String REF_NAME = "org.opencontainers.image.ref.name";

  private static final int MAX_INDEX_DEPTH = 4;

  private final BlobStore blobs;
  private final LayerIndex index;
  private final PullSink sink;
  private final Platform wanted;

  /**
   * @param sink where layers are unpacked
   * @param wanted the platform that is taken of an image for several
   */
  public ImageArchiveReader(BlobStore blobs, LayerIndex index, PullSink sink, Platform wanted) {
    this.blobs = blobs;
    this.index = index;
    this.sink = sink;
    this.wanted = wanted;
  }

  /**
   * Reads an archive, compressed or not; the stream is not closed.
   *
   * @param lease keeps what was read until the images are in the catalog
   * @throws SlipwayException {@code INVALID} if it is not an image archive, is damaged, or holds no
   *     image for the platform
   */
  public List<LoadedImage> read(InputStream archive, Lease lease) throws IOException {
    return images(intake(archive, lease), lease);
  }

  private ArchiveFiles intake(InputStream archive, Lease lease) throws IOException {
    try {
      return ArchiveIntake.ofTar(Decompression.open(archive), blobs, lease);
    } catch (ZipException | EOFException e) {
      throw new SlipwayException(
          ErrorKind.INVALID, "archive's compression is damaged or cut off", e);
    }
  }

  /** Reads an OCI layout (or an unpacked docker archive) from a directory. */
  public List<LoadedImage> readDirectory(Path directory, Lease lease) throws IOException {
    return images(ArchiveIntake.ofDirectory(directory, blobs, lease), lease);
  }

  private List<LoadedImage> images(ArchiveFiles files, Lease lease) throws IOException {
    Optional<Bytes> manifest = files.document(ArchiveIntake.MANIFEST);
    if (manifest.isPresent()) {
      return dockerImages(files, DockerManifest.parse(manifest.get()), lease);
    }
    Optional<Bytes> layout = files.document(ArchiveIntake.INDEX);
    if (layout.isPresent()) {
      return new Layout(files, lease).images(layout.get());
    }
    if (files.document(ArchiveIntake.REPOSITORIES).isPresent()) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "archive is of docker before 1.10 (no manifest.json): load and save it with a newer"
              + " docker");
    }
    throw SlipwayException.invalid(
        "not an image archive: it has neither manifest.json nor index.json"
            + " (for a root file system use import)");
  }

  private List<LoadedImage> dockerImages(
      ArchiveFiles files, List<DockerManifest.Item> items, Lease lease) throws IOException {
    List<LoadedImage> images = new ArrayList<>();
    for (DockerManifest.Item item : items) {
      ImageConfig config = config(files.get(item.config()).digest());
      List<Digest> layers = item.layers().stream().map(path -> files.get(path).digest()).toList();
      take(config, layers, lease);
      List<Reference> references =
          item.repoTags().stream().map(Reference::parseWithDefaultTag).toList();
      images.add(new LoadedImage(config, references, Optional.empty()));
    }
    return images;
  }

  private ImageConfig config(Digest digest) throws IOException {
    return ImageConfig.parse(new VerifiedBlobs(blobs).read(digest, ImageConfig.MAX_BYTES));
  }

  private void take(ImageConfig config, List<Digest> layers, Lease lease) throws IOException {
    new LayerIntake(blobs, index, sink, lease)
        .take(config.rootFs(), layers, config.id().shortHex());
  }

  /** The images of an OCI layout. */
  private final class Layout {
    private final ArchiveFiles files;
    private final Lease lease;
    private final Map<Digest, LoadedImage> images = new LinkedHashMap<>();

    Layout(ArchiveFiles files, Lease lease) {
      this.files = files;
      this.lease = lease;
    }

    List<LoadedImage> images(Bytes index) throws IOException {
      Manifest root = Manifest.parse(index, "");
      if (!(root instanceof ImageIndex entries)) {
        throw SlipwayException.invalid("archive's index.json is not an index");
      }
      for (Descriptor entry : entries.manifests()) {
        Optional<ImageManifest> manifest = manifest(entry, 0);
        if (manifest.isPresent()) {
          add(manifest.get(), name(entry));
        }
      }
      if (images.isEmpty()) {
        throw SlipwayException.invalid("archive holds no image for " + wanted);
      }
      return List.copyOf(images.values());
    }

    /** The image a descriptor leads to; empty for other platforms, attestations and artifacts. */
    private Optional<ImageManifest> manifest(Descriptor descriptor, int depth) throws IOException {
      if (depth > MAX_INDEX_DEPTH) {
        throw SlipwayException.invalid("archive nests image indexes too deeply");
      }
      if (!MediaTypes.isManifest(descriptor.mediaType())) {
        return Optional.empty();
      }
      Digest stored = files.get(path(descriptor.digest())).digest();
      Bytes bytes = new VerifiedBlobs(blobs).read(stored, Manifest.MAX_BYTES);
      return switch (Manifest.parse(bytes, descriptor.mediaType())) {
        case ImageManifest image ->
            MediaTypes.isImageConfig(image.config().mediaType())
                ? Optional.of(image)
                : Optional.empty();
        case ImageIndex nested -> {
          Optional<Descriptor> chosen = nested.select(wanted);
          yield chosen.isPresent() ? manifest(chosen.get(), depth + 1) : Optional.empty();
        }
      };
    }

    private void add(ImageManifest manifest, Optional<Reference> name) throws IOException {
      ImageConfig config = config(files.get(path(manifest.config().digest())).digest());
      LoadedImage known = images.get(config.id());
      List<Reference> names = new ArrayList<>();
      if (known != null) {
        names.addAll(known.references());
      } else {
        List<Digest> layers =
            manifest.layers().stream()
                .map(layer -> files.get(path(layer.digest())).digest())
                .toList();
        take(config, layers, lease);
      }
      name.filter(n -> !names.contains(n)).ifPresent(names::add);
      images.put(config.id(), new LoadedImage(config, names, Optional.of(manifest)));
    }

    private static Optional<Reference> name(Descriptor entry) {
      String full = entry.annotations().get(NAME);
      if (full != null) {
        return Optional.of(Reference.parseWithDefaultTag(full));
      }
      String name = entry.annotations().getOrDefault(REF_NAME, "");
      // a bare word is a tag of an unknown repository
      return name.contains(":") || name.contains("/")
          ? Optional.of(Reference.parseWithDefaultTag(name))
          : Optional.empty();
    }

    private static String path(Digest digest) {
      return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
    }
  }
}
