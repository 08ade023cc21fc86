package io.slipway.image.archive;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Layer;
import io.slipway.image.content.LayerBlobs;
import io.slipway.image.content.Lease;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes images as an OCI layout that is a docker archive too; see the package's description. */
public final class ImageArchiveWriter {
  private static final Bytes LAYOUT = Bytes.utf8("{\"imageLayoutVersion\":\"1.0.0\"}");

  private final BlobStore blobs;
  private final LayerBlobs layers;
  private final Compression compression;

  /**
   * @param compression how layers are written: {@code NONE} for what {@code docker save} gives;
   *     otherwise as they are in the store, compressed like this if they have to be packed first
   */
  public ImageArchiveWriter(BlobStore blobs, LayerBlobs layers, Compression compression) {
    this.blobs = blobs;
    this.layers = layers;
    this.compression = compression;
  }

  /** Writes a tar archive; the stream is flushed, not closed. */
  public void write(List<SavedImage> images, OutputStream out, Lease lease) throws IOException {
    new Layout(new TarTarget(out), lease).write(images);
  }

  /**
   * Writes into a directory, made if need be. Blobs that are there stay; {@code index.json} is
   * replaced at the end.
   */
  public void writeDirectory(List<SavedImage> images, Path directory, Lease lease)
      throws IOException {
    new Layout(new DirectoryTarget(directory), lease).write(images);
  }

  /** One layout being written. */
  private final class Layout {
    private final LayoutTarget target;
    private final Lease lease;
    private final Set<String> written = new HashSet<>();
    private final List<Descriptor> manifests = new ArrayList<>();
    private final List<DockerManifest.Item> items = new ArrayList<>();
    private final Map<String, Map<String, String>> repositories = new TreeMap<>();

    Layout(LayoutTarget target, Lease lease) {
      this.target = target;
      this.lease = lease;
    }

    void write(List<SavedImage> images) throws IOException {
      for (SavedImage image : images) {
        image(image);
      }
      ImageIndex index = ImageIndex.create(ManifestFormat.OCI, manifests, Map.of());
      target.document(ArchiveIntake.INDEX, index.bytes());
      target.document(ArchiveIntake.MANIFEST, DockerManifest.write(items));
      target.document(ArchiveIntake.LAYOUT, LAYOUT);
      if (!repositories.isEmpty()) {
        target.document(ArchiveIntake.REPOSITORIES, DockerManifest.writeRepositories(repositories));
      }
      target.finish();
    }

    private void image(SavedImage image) throws IOException {
      Bytes config = image.config().bytes();
      blob(image.config().id(), config.size(), out -> out.write(config.toArray()));
      List<Descriptor> layers = new ArrayList<>();
      for (Layer layer : Layer.of(image.config().rootFs())) {
        layers.add(layer(layer));
      }
      ImageManifest manifest =
          ImageManifest.create(
              ManifestFormat.OCI, image.config().descriptor(ManifestFormat.OCI), layers, Map.of());
      Bytes bytes = manifest.bytes();
      blob(manifest.descriptor().digest(), bytes.size(), out -> out.write(bytes.toArray()));
      name(image, manifest, layers);
    }

    private Descriptor layer(Layer layer) throws IOException {
      if (compression == Compression.NONE) {
        long size = layers.tarSize(layer, lease);
        blob(layer.diffId(), size, out -> layers.copyTar(layer, out, lease));
        return new Descriptor(ManifestFormat.OCI.layerType(Compression.NONE), layer.diffId(), size);
      }
      Descriptor stored = layers.blob(layer, compression, lease);
      blob(stored.digest(), stored.size(), out -> copy(stored, out));
      Compression actual = Compression.ofMediaType(stored.mediaType());
      return stored.withMediaType(ManifestFormat.OCI.layerType(actual));
    }

    private void copy(Descriptor stored, OutputStream out) throws IOException {
      try (Blob blob = blobs.open(stored.digest());
          InputStream in = blob.stream(0)) {
        in.transferTo(out);
      }
    }

    private void blob(Digest digest, long size, LayoutTarget.Body body) throws IOException {
      if (written.add(path(digest))) {
        target.blob(path(digest), size, body);
      }
    }

    private void name(SavedImage image, ImageManifest manifest, List<Descriptor> layers) {
      Descriptor plain = manifest.descriptor().withPlatform(image.config().platform());
      List<String> tags = new ArrayList<>();
      for (Reference reference : image.references()) {
        String tag = reference.tag().orElse(Reference.DEFAULT_TAG);
        manifests.add(
            plain.withAnnotations(
                Map.of(
                    ImageArchiveReader.NAME,
                    reference.toString(),
                    ImageArchiveReader.REF_NAME,
                    tag)));
        tags.add(reference.familiar());
        String top = layers.isEmpty() ? image.config().id().hex() : layers.getLast().digest().hex();
        repositories
            .computeIfAbsent(reference.repository().familiar(), r -> new TreeMap<>())
            .put(tag, top);
      }
      if (tags.isEmpty()) {
        manifests.add(plain);
      }
      items.add(
          new DockerManifest.Item(
              path(image.config().id()),
              tags,
              layers.stream().map(layer -> path(layer.digest())).toList()));
    }

    private static String path(Digest digest) {
      return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
    }
  }
}
