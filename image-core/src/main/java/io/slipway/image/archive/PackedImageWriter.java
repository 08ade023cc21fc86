package io.slipway.image.archive;

import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes images whose manifests and blobs are all in the blob store as the tar of an OCI layout.
 */
public final class PackedImageWriter {
  private static final Bytes LAYOUT = Bytes.utf8("{\"imageLayoutVersion\":\"1.0.0\"}");

  private final BlobStore blobs;

  public PackedImageWriter(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * What is written.
   *
   * @param manifests of one image, or of one for each platform
   * @param index that lists the manifests, if the names are to mean it
   * @param names what the image is called
   * @param docker whether {@code docker load} of old is to read it too
   */
  public record Content(
      List<ImageManifest> manifests,
      Optional<ImageIndex> index,
      List<Reference> names,
      boolean docker) {
    public Content {
      manifests = List.copyOf(manifests);
      names = List.copyOf(names);
      if (index.isEmpty() && manifests.size() != 1 || docker && manifests.size() != 1) {
        throw new IllegalArgumentException("several manifests need an index, and docker one image");
      }
    }
  }

  /** Writes the tar; the stream is flushed, not closed. */
  public void write(Content content, OutputStream out) throws IOException {
    TarTarget target = new TarTarget(out);
    Set<Digest> written = new HashSet<>();
    for (ImageManifest manifest : content.manifests()) {
      copy(manifest.config(), target, written);
      for (Descriptor layer : manifest.layers()) {
        copy(layer, target, written);
      }
      put(manifest.descriptor(), manifest.bytes(), target, written);
    }
    if (content.index().isPresent()) {
      put(content.index().get().descriptor(), content.index().get().bytes(), target, written);
    }
    Descriptor root =
        content.index().isPresent()
            ? content.index().get().descriptor()
            : content.manifests().getFirst().descriptor();
    ImageIndex top = ImageIndex.create(ManifestFormat.OCI, named(root, content.names()), Map.of());
    target.document(ArchiveIntake.INDEX, top.bytes());
    target.document(ArchiveIntake.LAYOUT, LAYOUT);
    if (content.docker()) {
      target.document(ArchiveIntake.MANIFEST, docker(content));
    }
    target.finish();
    out.flush();
  }

  private static List<Descriptor> named(Descriptor root, List<Reference> names) {
    List<Descriptor> entries = new ArrayList<>();
    for (Reference name : names) {
      String tag = name.tag().orElse(Reference.DEFAULT_TAG);
      entries.add(
          root.withAnnotations(
              Map.of(ImageArchiveReader.NAME, name.toString(), ImageArchiveReader.REF_NAME, tag)));
    }
    return entries.isEmpty() ? List.of(root) : entries;
  }

  private static Bytes docker(Content content) {
    ImageManifest manifest = content.manifests().getFirst();
    return DockerManifest.write(
        List.of(
            new DockerManifest.Item(
                path(manifest.config().digest()),
                content.names().stream().map(Reference::familiar).toList(),
                manifest.layers().stream().map(layer -> path(layer.digest())).toList())));
  }

  private void copy(Descriptor blob, TarTarget target, Set<Digest> written) throws IOException {
    if (written.add(blob.digest())) {
      target.blob(path(blob.digest()), blob.size(), out -> copy(blob.digest(), out));
    }
  }

  private void copy(Digest digest, OutputStream out) throws IOException {
    try (Blob blob = blobs.open(digest);
        InputStream in = blob.stream(0)) {
      in.transferTo(out);
    }
  }

  private static void put(Descriptor descriptor, Bytes bytes, TarTarget target, Set<Digest> written)
      throws IOException {
    if (written.add(descriptor.digest())) {
      target.blob(path(descriptor.digest()), bytes.size(), out -> out.write(bytes.toArray()));
    }
  }

  private static String path(Digest digest) {
    return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
  }
}
