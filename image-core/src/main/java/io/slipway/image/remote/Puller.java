package io.slipway.image.remote;

import io.slipway.image.catalog.LayerBlob;
import io.slipway.image.catalog.LayerIndex;
import io.slipway.image.catalog.ManifestOrigin;
import io.slipway.image.codec.Decompression;
import io.slipway.image.codec.VerifiedInputStream;
import io.slipway.image.content.Blob;
import io.slipway.image.content.BlobStore;
import io.slipway.image.content.Layer;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.RegistryException;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.Digest;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.Manifest;
import io.slipway.image.model.MediaTypes;
import io.slipway.image.name.Reference;
import io.slipway.image.name.Repository;
import io.slipway.image.task.FanOut;
import io.slipway.image.task.SingleFlight;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings images from registries into the blob store and hands their layers over for unpacking, base
 * first, each as soon as it and those below it are complete. Layers that are there are not fetched;
 * a layer wanted by several pulls at once is fetched once.
 */
public final class Puller {
  private final RegistryConnections connections;
  private final BlobStore store;
  private final VerifiedBlobs blobs;
  private final LayerIndex index;
  private final SingleFlight<Digest, Boolean> flights = new SingleFlight<>();

  public Puller(RegistryConnections connections, BlobStore store, LayerIndex index) {
    this.connections = connections;
    this.store = store;
    this.blobs = new VerifiedBlobs(store);
    this.index = index;
  }

  /** The parts of one pull. */
  private record Pull(
      PullRequest request,
      RegistryClient client,
      Lease lease,
      PullSink sink,
      TransferListener listener) {}

  /** A manifest with the index it came from. */
  private record Chosen(ImageManifest manifest, Optional<Descriptor> index) {}

  /**
   * Pulls an image; everything of it is pinned by {@code lease}. The image is in no catalog yet.
   * {@code IOException} is the local disk's.
   */
  public PulledImage pull(
      PullRequest request, Lease lease, PullSink sink, TransferListener listener)
      throws IOException {
    RegistryClient client =
        connections.forPull(request.reference().repository(), request.credentials());
    Pull pull = new Pull(request, client, lease, sink, listener);
    Manifest top = resolve(pull);
    Chosen chosen = choose(pull, top);
    ImageConfig config = config(pull, chosen.manifest());
    List<PulledLayer> layers = layers(chosen.manifest(), config);
    boolean downloaded = transfer(pull, layers);
    ManifestOrigin origin =
        new ManifestOrigin(
            request.reference().repository(), chosen.manifest().descriptor(), chosen.index());
    return new PulledImage(origin, chosen.manifest(), config, downloaded);
  }

  /** All tags of a repository, in the registry's order. */
  public List<String> tags(Repository repository, CredentialSource credentials) throws IOException {
    try {
      return connections.forPull(repository, credentials).tags();
    } catch (RegistryException e) {
      throw PullErrors.of(Reference.parse(repository.toString()), e);
    }
  }

  private record PulledLayer(Layer layer, Descriptor blob) {}

  private Manifest resolve(Pull pull) throws IOException {
    Reference reference = pull.request().reference();
    try {
      Optional<Descriptor> named = pull.client().head(reference.manifestReference());
      return named.isPresent()
          ? manifest(pull, named.get())
          : stored(pull, pull.client().manifest(reference.manifestReference()));
    } catch (RegistryException e) {
      throw PullErrors.of(reference, e);
    }
  }

  /** From the store when it is there, else from the registry. */
  private Manifest manifest(Pull pull, Descriptor descriptor) throws IOException {
    pull.lease().pin(descriptor.digest());
    if (blobs.has(descriptor)) {
      return Manifest.parse(
          blobs.read(descriptor.digest(), Manifest.MAX_BYTES), descriptor.mediaType());
    }
    return stored(pull, pull.client().manifest(descriptor.digest().toString()));
  }

  private Manifest stored(Pull pull, Manifest manifest) throws IOException {
    pull.lease().pin(manifest.descriptor().digest());
    blobs.put(manifest.bytes());
    return manifest;
  }

  private Chosen choose(Pull pull, Manifest top) throws IOException {
    return switch (top) {
      case ImageManifest image -> new Chosen(image, Optional.empty());
      case ImageIndex list -> {
        Descriptor child =
            list.select(pull.request().platform())
                .orElseThrow(() ->
                    SlipwayException.notFound(
                        "no matching manifest for "
                            + pull.request().platform()
                            + " in the manifest list entries"));
        if (!(manifest(pull, child) instanceof ImageManifest image)) {
          throw SlipwayException.invalid(
              "manifest " + child.digest() + " is an index inside an index");
        }
        yield new Chosen(image, Optional.of(list.descriptor()));
      }
    };
  }

  private ImageConfig config(Pull pull, ImageManifest manifest) throws IOException {
    Descriptor config = manifest.config();
    if (!MediaTypes.isImageConfig(config.mediaType())) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          pull.request().reference().familiar()
              + " is not a container image: its config has media type "
              + config.mediaType());
    }
    if (config.size() > ImageConfig.MAX_BYTES) {
      throw SlipwayException.invalid(
          "image config of "
              + pull.request().reference().familiar()
              + " has "
              + config.size()
              + " bytes, more than the limit of "
              + ImageConfig.MAX_BYTES);
    }
    pull.lease().pin(config.digest());
    if (!blobs.has(config)) {
      pull.client().download(config, store);
    }
    return ImageConfig.parse(blobs.read(config.digest(), ImageConfig.MAX_BYTES));
  }

  private static List<PulledLayer> layers(ImageManifest manifest, ImageConfig config) {
    List<Layer> layers = Layer.of(config.rootFs());
    if (layers.size() != manifest.layers().size()) {
      throw SlipwayException.invalid(
          "manifest "
              + manifest.descriptor().digest()
              + " has "
              + manifest.layers().size()
              + " layers but its config has "
              + layers.size());
    }
    List<PulledLayer> pairs = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      pairs.add(new PulledLayer(layers.get(i), manifest.layers().get(i)));
    }
    return pairs;
  }

  /** Downloads in parallel, unpacks in order; whether anything was downloaded. */
  private boolean transfer(Pull pull, List<PulledLayer> layers) throws IOException {
    boolean downloaded = false;
    try (FanOut downloads = new FanOut("download", connections.settings().parallelDownloads())) {
      List<FanOut.Task<Boolean>> tasks = new ArrayList<>();
      List<PulledLayer> missing = new ArrayList<>();
      for (PulledLayer layer : layers) {
        pull.lease().pin(layer.blob().digest());
        pull.lease().pin(layer.layer().chainId());
        if (pull.sink().has(layer.layer())) {
          tell(pull, layer, TransferState.ALREADY_EXISTS);
        } else {
          tell(pull, layer, TransferState.PULLING_FS_LAYER);
          missing.add(layer);
          tasks.add(downloads.fork(() -> fetch(pull, layer)));
        }
      }
      for (int i = 0; i < missing.size(); i++) {
        downloaded |= tasks.get(i).await();
        unpack(pull, missing.get(i));
      }
      downloads.join();
      return downloaded;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      throw Backoff.cancelled(e);
    } catch (Exception e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "download failed", e);
    }
  }

  /** True when it was downloaded now, false when it was there. */
  private boolean fetch(Pull pull, PulledLayer layer) throws Exception {
    Descriptor blob = layer.blob();
    boolean fetched =
        flights.run(
            blob.digest(),
            () -> {
              if (blobs.has(blob)) {
                return false;
              }
              pull.client()
                  .download(
                      blob,
                      store,
                      new ProgressMeter(
                          pull.listener(), blob.digest(), TransferState.DOWNLOADING, blob.size()));
              tell(pull, layer, TransferState.VERIFYING_CHECKSUM);
              return true;
            });
    tell(pull, layer, TransferState.DOWNLOAD_COMPLETE);
    return fetched;
  }

  private void unpack(Pull pull, PulledLayer layer) throws IOException {
    Descriptor blob = layer.blob();
    ProgressMeter progress =
        new ProgressMeter(pull.listener(), blob.digest(), TransferState.EXTRACTING, blob.size());
    try (Blob content = blobs.open(blob);
        VerifiedInputStream tar =
            new VerifiedInputStream(
                Decompression.open(new Metered(content.stream(0), progress)),
                "layer " + blob.digest() + " of " + pull.request().reference().familiar(),
                layer.layer().diffId())) {
      pull.sink().unpack(layer.layer(), tar);
      // a sink that forgot to ask must not make a wrong layer pass
      tar.verify();
      index.put(
          new LayerBlob(
              layer.layer().diffId(),
              blob,
              tar.count(),
              List.of(pull.request().reference().repository())));
    }
    tell(pull, layer, TransferState.PULL_COMPLETE);
  }

  private static void tell(Pull pull, PulledLayer layer, TransferState state) {
    pull.listener().on(new TransferEvent(layer.blob().digest(), state));
  }

  /** Tells how much of the compressed blob has been read. */
  private static final class Metered extends FilterInputStream {
    private final ProgressMeter progress;
    private long position;

    Metered(InputStream source, ProgressMeter progress) {
      super(source);
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      if (value >= 0) {
        progress.moveTo(++position);
      }
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      if (read > 0) {
        position += read;
        progress.moveTo(position);
      }
      return read;
    }
  }
}
