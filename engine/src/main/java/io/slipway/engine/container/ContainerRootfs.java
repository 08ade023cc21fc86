package io.slipway.engine.container;

import io.slipway.image.catalog.ImageLookup;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Lease;
import io.slipway.image.content.Leases;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.runtime.container.RootFilesystem;
import io.slipway.runtime.rootfs.RootfsUnpacker;
import io.slipway.runtime.snapshot.Lifetime;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** From an image to a container's own writable file tree. */
public final class ContainerRootfs {
  /** Programs look for it to know that they are in a container. */
  static final String MARKER = ".dockerenv";

  private final ImageLookup images;
  private final BlobStore blobs;
  private final RootfsUnpacker unpacker;
  private final Leases leases;
  private final Snapshotter snapshots;

  public ContainerRootfs(
      ImageLookup images,
      BlobStore blobs,
      RootfsUnpacker unpacker,
      Leases leases,
      Snapshotter snapshots) {
    this.images = images;
    this.blobs = blobs;
    this.unpacker = unpacker;
    this.leases = leases;
    this.snapshots = snapshots;
  }

  /** An image to make a container of. */
  record Image(Digest id, ImageConfig config) {}

  /** The image people mean; {@code NOT_FOUND} in the words that make the CLI pull it. */
  Image image(String name) throws IOException {
    if (name.isEmpty()) {
      throw SlipwayException.invalid("no image specified: Image must not be empty");
    }
    ImageRecord record = images.get(name);
    try (Blob blob = blobs.open(record.id());
        InputStream in = blob.stream(0)) {
      return new Image(record.id(), ImageConfig.parse(Bytes.copyOf(in.readAllBytes())));
    }
  }

  /** The id of an image people name, {@code sha256:...}; empty when there is none. */
  Optional<String> idOf(String name) {
    return images.find(name).map(record -> record.id().toString());
  }

  /** Makes the container's tree on top of the image's layers. */
  void prepare(String containerId, ImageConfig image) throws IOException {
    try (Lease lease = leases.open()) {
      Optional<SnapshotKey> parent =
          unpacker.unpack(image.rootFs(), lease).map(Snapshot.Committed::key);
      Snapshot.Active active = snapshots.prepare(key(containerId), parent, Lifetime.CONTAINER);
      Path marker = active.changes().resolve(MARKER);
      if (!Files.exists(marker)) {
        Files.createFile(marker);
      }
    }
  }

  /** Keeps an image's files for a container that mounts them, until the container is removed. */
  void prepareImageMount(String containerId, String target, String image) throws IOException {
    try (Lease lease = leases.open()) {
      Optional<SnapshotKey> files =
          unpacker.unpack(image(image).config().rootFs(), lease).map(Snapshot.Committed::key);
      snapshots.prepare(mountKey(containerId, target), files, Lifetime.CONTAINER);
    }
  }

  /** An image's files. */
  MountedView imageMount(String containerId, String target) throws IOException {
    Snapshot kept = find(mountKey(containerId, target));
    return snapshots.view(kept.parent().flatMap(snapshots::find).orElse(kept));
  }

  private static SnapshotKey mountKey(String containerId, String target) {
    byte[] name = target.getBytes(StandardCharsets.UTF_8);
    return new SnapshotKey("container/" + containerId + "/image-" + Digest.of(name).hex());
  }

  /** What the container sees as {@code /}. */
  RootFilesystem overlay(String containerId) {
    return new RootFilesystem.Overlay(active(containerId).overlay());
  }

  Snapshot active(String containerId) {
    return find(key(containerId));
  }

  private Snapshot find(SnapshotKey key) {
    return snapshots
        .find(key)
        .orElseThrow(() -> SlipwayException.notFound("file system " + key + " is lost"));
  }

  Snapshotter snapshots() {
    return snapshots;
  }

  void remove(String containerId) throws IOException {
    snapshots.remove(key(containerId));
  }

  /** Lets go of the images a container mounts. */
  void removeImageMount(String containerId, String target) throws IOException {
    snapshots.remove(mountKey(containerId, target));
  }

  private static SnapshotKey key(String containerId) {
    return new SnapshotKey("container/" + containerId);
  }
}
