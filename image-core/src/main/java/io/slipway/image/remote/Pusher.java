package io.slipway.image.remote;

import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.catalog.ManifestOrigin;
import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Layer;
import io.slipway.image.content.LayerBlobs;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.name.Reference;
import io.slipway.image.name.Repository;
import io.slipway.image.task.FanOut;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings images to registries: layers in parallel, each only when the registry does not have it and
 * cannot take it from another of its repositories; then the config; the manifest last.
 */
public final class Pusher {
  /** A layer known in many repositories is not worth more requests than sending it. */
  private static final int MAX_MOUNTS = 3;

  private final RegistryConnections connections;
  private final BlobStore store;
  private final VerifiedBlobs blobs;
  private final LayerIndex index;
  private final LayerBlobs layerBlobs;

  public Pusher(
      RegistryConnections connections, BlobStore store, LayerIndex index, LayerBlobs layerBlobs) {
    this.connections = connections;
    this.store = store;
    this.blobs = new VerifiedBlobs(store);
    this.index = index;
    this.layerBlobs = layerBlobs;
  }

  /** The parts of one push. */
  private record Push(
      PushRequest request, RegistryClient client, Lease lease, TransferListener listener) {}

  /** Pushes an image; what is read or made for it is pinned by {@code lease}. */
  public PushedImage push(PushRequest request, Lease lease, TransferListener listener)
      throws IOException {
    List<Layer> layers = Layer.of(request.config().rootFs());
    layers.forEach(
        layer -> listener.on(new TransferEvent(layer.diffId(), TransferState.PREPARING)));
    RegistryClient client =
        connections.forPush(request.target().repository(), request.credentials());
    Push push = new Push(request, client, lease, listener);
    Optional<ImageManifest> known = usable(push);
    List<Descriptor> descriptors = pushLayers(push, layers, known);
    ImageManifest manifest = known.isPresent() ? known.get() : create(request, descriptors);
    pushConfig(push, manifest.config());
    client.putManifest(request.target().tag().orElseThrow(), manifest);
    lease.pin(manifest.descriptor().digest());
    blobs.put(manifest.bytes());
    return new PushedImage(
        new ManifestOrigin(request.target().repository(), manifest.descriptor(), Optional.empty()),
        manifest);
  }

  /**
   * Pushes an index and the images it lists, which go without a tag of their own.
   *
   * @param images each with its manifest known and all blobs here
   * @param target what the index is to be called
   */
  public void push(
      Reference target,
      ImageIndex index,
      List<PushRequest> images,
      Lease lease,
      TransferListener listener)
      throws IOException {
    for (PushRequest request : images) {
      List<Layer> layers = Layer.of(request.config().rootFs());
      RegistryClient client =
          connections.forPush(request.target().repository(), request.credentials());
      Push push = new Push(request, client, lease, listener);
      Optional<ImageManifest> known = usable(push);
      ImageManifest manifest =
          known.orElseThrow(() ->
              SlipwayException.notFound(
                  "image " + request.config().id() + " has no manifest with all its blobs"));
      pushLayers(push, layers, known);
      pushConfig(push, manifest.config());
      client.putManifest(manifest.descriptor().digest().toString(), manifest);
    }
    connections
        .forPush(target.repository(), images.getFirst().credentials())
        .putManifest(target.tag().orElseThrow(), index);
  }

  /** A manifest of exactly this image whose layer blobs are all here. */
  private Optional<ImageManifest> usable(Push push) throws IOException {
    for (ImageManifest manifest : push.request().known()) {
      if (manifest.config().digest().equals(push.request().config().id())
          && manifest.layers().size() == push.request().config().rootFs().diffIds().size()
          && hasAll(push, manifest.layers())) {
        return Optional.of(manifest);
      }
    }
    return Optional.empty();
  }

  private boolean hasAll(Push push, List<Descriptor> layers) throws IOException {
    for (Descriptor layer : layers) {
      push.lease().pin(layer.digest());
      if (!blobs.has(layer)) {
        return false;
      }
    }
    return true;
  }

  /** One descriptor per layer, in order; layers with the same content are sent once. */
  private List<Descriptor> pushLayers(Push push, List<Layer> layers, Optional<ImageManifest> known)
      throws IOException {
    try (FanOut uploads = new FanOut("upload", connections.settings().parallelUploads())) {
      Map<Digest, FanOut.Task<Descriptor>> tasks = new LinkedHashMap<>();
      for (Layer layer : layers) {
        tasks.computeIfAbsent(
            layer.diffId(), diffId -> uploads.fork(() -> pushLayer(push, layer, known)));
      }
      List<Descriptor> descriptors = new ArrayList<>();
      for (Layer layer : layers) {
        descriptors.add(tasks.get(layer.diffId()).await());
      }
      return descriptors;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw Backoff.cancelled(e);
    } catch (Exception e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "upload failed", e);
    }
  }

  private Descriptor pushLayer(Push push, Layer layer, Optional<ImageManifest> known)
      throws IOException {
    Descriptor blob =
        known.isPresent()
            ? known.get().layers().get(layer.index())
            : layerBlobs.blob(layer, push.request().compression(), push.lease());
    push.listener().on(transferred(push, layer, blob));
    rememberSource(push, blob);
    return blob;
  }

  /** Makes sure the registry has the blob; the event that says how. */
  private TransferEvent transferred(Push push, Layer layer, Descriptor blob) throws IOException {
    if (push.client().hasBlob(blob.digest())) {
      return new TransferEvent(layer.diffId(), TransferState.LAYER_ALREADY_EXISTS);
    }
    Optional<URI> session = Optional.empty();
    for (Repository source : mountSources(push, blob)) {
      UploadEndpoint.Mount mount = push.client().mount(blob.digest(), source);
      if (mount.done()) {
        return new TransferEvent(layer.diffId(), TransferState.MOUNTED, 0, 0, source.path());
      }
      session = mount.session();
      if (session.isPresent()) {
        break;
      }
    }
    ProgressMeter progress =
        new ProgressMeter(push.listener(), layer.diffId(), TransferState.PUSHING, blob.size());
    try (Blob content = blobs.open(blob)) {
      push.client().upload(content, session, progress);
    }
    return new TransferEvent(layer.diffId(), TransferState.PUSHED);
  }

  private List<Repository> mountSources(Push push, Descriptor blob) {
    Repository target = push.client().repository();
    return index.findBlob(blob.digest()).stream()
        .flatMap(entry -> entry.sources().stream())
        .filter(source -> source.domain().equals(target.domain()) && !source.equals(target))
        .limit(MAX_MOUNTS)
        .toList();
  }

  /** The next push to another repository of this registry can mount the blob. */
  private void rememberSource(Push push, Descriptor blob) throws IOException {
    Optional<LayerBlob> entry = index.findBlob(blob.digest());
    if (entry.isPresent()) {
      LayerBlob old = entry.get();
      index.put(
          new LayerBlob(
              old.diffId(),
              old.descriptor(),
              old.uncompressedBytes(),
              List.of(push.client().repository())));
    }
  }

  private void pushConfig(Push push, Descriptor config) throws IOException {
    if (push.client().hasBlob(config.digest())) {
      return;
    }
    push.lease().pin(config.digest());
    if (!blobs.has(config)) {
      blobs.put(push.request().config().bytes());
    }
    try (Blob content = store.open(config.digest())) {
      push.client().upload(content);
    }
  }

  private static ImageManifest create(PushRequest request, List<Descriptor> layers) {
    boolean zstd =
        layers.stream().anyMatch(l -> Compression.ofMediaType(l.mediaType()) == Compression.ZSTD);
    // docker's schema 2 knows no zstd
    ManifestFormat format = zstd ? ManifestFormat.OCI : request.format();
    List<Descriptor> sameFamily = layers.stream().map(layer -> inFamily(format, layer)).toList();
    return ImageManifest.create(format, request.config().descriptor(format), sameFamily, Map.of());
  }

  private static Descriptor inFamily(ManifestFormat format, Descriptor layer) {
    return MediaTypes.isForeignLayer(layer.mediaType())
        ? layer
        : layer.withMediaType(format.layerType(Compression.ofMediaType(layer.mediaType())));
  }
}
