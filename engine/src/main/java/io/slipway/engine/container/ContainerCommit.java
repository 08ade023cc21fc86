package io.slipway.engine.container;

import io.slipway.engine.model.Config;
import io.slipway.engine.model.ContainerStatus;
import io.slipway.engine.model.HealthConfig;
import io.slipway.engine.state.ContainerRecord;
import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.content.BlobInfo;
import io.slipway.image.content.ExpectedContent;
import io.slipway.image.content.Ingest;
import io.slipway.image.content.IngestOutputStream;
import io.slipway.image.content.Lease;
import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.DigestAlgorithm;
import io.slipway.image.model.Healthcheck;
import io.slipway.image.model.History;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.model.RootFs;
import io.slipway.image.name.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes an image of what a container has changed: one new layer on top of its image's, which are
 * not read again.
 */
final class ContainerCommit {
  /** Bytes of a tar without entries; such a layer is left out, as Docker does. */
  private static final int EMPTY_TAR_BYTES = 1024;

  private final ImageStorage storage;
  private final ContainerRootfs rootfs;
  private final ContainerFilesystem filesystem;
  private final ContainerPauses pauses;
  private final ContainerEvents events;
  private final Clock clock;

  /**
   * What the image is besides the container's files.
   *
   * @param config what its containers run
   * @param pause stop the container's processes meanwhile
   */
  record Wanted(
      Optional<Reference> name,
      String author,
      String comment,
      ContainerConfig config,
      boolean pause) {}

  ContainerCommit(
      ImageStorage storage,
      ContainerRootfs rootfs,
      ContainerFilesystem filesystem,
      ContainerPauses pauses,
      ContainerEvents events,
      Clock clock) {
    this.storage = storage;
    this.rootfs = rootfs;
    this.filesystem = filesystem;
    this.pauses = pauses;
    this.events = events;
    this.clock = clock;
  }

  Digest commit(Container container, Wanted wanted) throws IOException {
    try (Lease lease = storage.leases().open()) {
      ContainerRecord record = container.record();
      ImageConfig base = rootfs.image(record.imageId()).config();
      Optional<Digest> layer = layer(container, wanted.pause(), lease);
      ImageConfig image = image(record, base, layer, wanted);
      store(image.bytes().toArray(), lease);
      storage.catalog().add(image.id(), List.of());
      if (wanted.name().isPresent()) {
        storage.catalog().tag(image.id(), wanted.name().get());
      }
      events.publish(
          "commit",
          record,
          Map.of(
              "comment",
              wanted.comment(),
              "imageID",
              image.id().toString(),
              "imageRef",
              wanted.name().map(Reference::toString).orElse("")));
      return image.id();
    }
  }

  /** The changes as a layer's tar; the container stands still meanwhile if that is wanted. */
  private Optional<Digest> layer(Container container, boolean pause, Lease lease)
      throws IOException {
    boolean paused = pause && container.state().status() == ContainerStatus.RUNNING;
    if (paused) {
      pauses.pause(container);
    }
    try (Ingest ingest =
        storage.blobs().ingest("commit-" + UUID.randomUUID(), DigestAlgorithm.SHA256)) {
      filesystem.writeChanges(container, new IngestOutputStream(ingest));
      if (ingest.offset() == EMPTY_TAR_BYTES) {
        return Optional.empty();
      }
      BlobInfo blob = ingest.commit(ExpectedContent.anything());
      lease.pin(blob.digest());
      Descriptor descriptor = new Descriptor(MediaTypes.OCI_LAYER, blob.digest(), blob.size());
      storage.layers().put(new LayerBlob(blob.digest(), descriptor, blob.size(), List.of()));
      return Optional.of(blob.digest());
    } finally {
      if (paused && container.state().status() == ContainerStatus.PAUSED) {
        pauses.unpause(container);
      }
    }
  }

  private void store(byte[] config, Lease lease) throws IOException {
    try (Ingest ingest =
        storage.blobs().ingest("commit-" + UUID.randomUUID(), DigestAlgorithm.SHA256)) {
      ingest.append(ByteBuffer.wrap(config));
      lease.pin(ingest.commit(ExpectedContent.anything()).digest());
    }
  }

  private ImageConfig image(
      ContainerRecord record, ImageConfig base, Optional<Digest> layer, Wanted wanted) {
    Instant now = clock.instant();
    List<Digest> layers = new ArrayList<>(base.rootFs().diffIds());
    layer.ifPresent(layers::add);
    List<History> history = new ArrayList<>(base.history());
    List<String> command = record.config().cmd();
    history.add(
        new History(
            Optional.of(now),
            command == null ? "" : String.join(" ", command),
            wanted.author(),
            wanted.comment(),
            layer.isEmpty()));
    return base.toBuilder()
        .author(wanted.author())
        .created(Optional.of(now))
        .config(wanted.config())
        .rootFs(new RootFs(layers))
        .history(history)
        .build();
  }

  /** The portable part of what a container runs. */
  static ContainerConfig containerConfig(Config config) {
    ContainerConfig.Builder image =
        new ContainerConfig.Builder()
            .user(config.user())
            .exposedPorts(config.exposedPorts().keySet())
            .env(config.env())
            .volumes(config.volumes().keySet())
            .workingDir(config.workingDir())
            .labels(config.labels())
            .stopSignal(config.stopSignal())
            .healthcheck(Optional.ofNullable(config.healthcheck()).map(ContainerCommit::health))
            .onBuild(config.onBuild())
            .shell(config.shell());
    if (config.cmd() != null) {
      image.cmd(config.cmd());
    }
    if (config.entrypoint() != null) {
      image.entrypoint(config.entrypoint());
    }
    return image.build();
  }

  private static Healthcheck health(HealthConfig check) {
    return new Healthcheck(
        check.test(),
        Duration.ofNanos(check.interval()),
        Duration.ofNanos(check.timeout()),
        Duration.ofNanos(check.startPeriod()),
        Duration.ofNanos(check.startInterval()),
        check.retries());
  }

  /** What a client says of the new image, completed by the container's config. */
  static ContainerConfig complete(Config asked, Config container) {
    return containerConfig(ConfigMerger.merge(asked, containerConfig(container), ""));
  }
}
