package io.slipway.builder.export;

import io.slipway.builder.frontend.BuildPlan;
import io.slipway.image.content.Layer;
import io.slipway.image.content.LayerPacking;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Compression;
import io.slipway.image.model.Descriptor;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.ImageIndex;
import io.slipway.image.model.ImageManifest;
import io.slipway.image.model.ManifestFormat;
import io.slipway.image.task.FanOut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes manifests of built trees, with all their blobs: layers are packed several at a time. */
public final class ImagePacker {
  private final ExportTools tools;
  private final ImageExporter exporter;

  public ImagePacker(ExportTools tools, ImageExporter exporter) {
    this.tools = tools;
    this.exporter = exporter;
  }

  /**
   * The image of one platform.
   *
   * @param lease keeps its parts
   * @param last changes the config when all else is in it
   */
  public PackedImage pack(Built built, Packing packing, Lease lease, LastTouch last)
      throws IOException {
    ImageConfig config = last.on(built.plan(), exporter.config(built.plan(), built.top()));
    lease.pin(config.id());
    new VerifiedBlobs(tools.blobs()).put(config.bytes());
    List<Descriptor> layers = layers(built.plan(), config, packing, lease);
    ImageManifest manifest =
        ImageManifest.create(
            ManifestFormat.OCI, config.descriptor(ManifestFormat.OCI), layers, packing.manifest());
    lease.pin(manifest.descriptor().digest());
    new VerifiedBlobs(tools.blobs()).put(manifest.bytes());
    return new PackedImage(config, manifest);
  }

  /** The index of images for several platforms. */
  public ImageIndex index(List<PackedImage> images, Map<String, String> annotations, Lease lease)
      throws IOException {
    List<Descriptor> manifests =
        images.stream()
            .map(image -> image.manifest().descriptor().withPlatform(image.config().platform()))
            .toList();
    ImageIndex index = ImageIndex.create(ManifestFormat.OCI, manifests, annotations);
    lease.pin(index.descriptor().digest());
    new VerifiedBlobs(tools.blobs()).put(index.bytes());
    return index;
  }

  /** What a base image brings is left as it came, unless that is not wanted. */
  private List<Descriptor> layers(BuildPlan plan, ImageConfig config, Packing packing, Lease lease)
      throws IOException {
    int threads = Runtime.getRuntime().availableProcessors();
    try (FanOut packers = new FanOut("pack", threads)) {
      List<FanOut.Task<Descriptor>> tasks = new ArrayList<>();
      for (Layer layer : Layer.of(config.rootFs())) {
        boolean ours = layer.index() >= plan.image().baseLayers();
        LayerPacking wanted =
            ours || packing.all() ? packing.layers() : packing.layers().unlessKnown();
        tasks.add(packers.fork(() -> tools.layers().packed(layer, wanted, lease)));
      }
      List<Descriptor> layers = new ArrayList<>();
      for (FanOut.Task<Descriptor> task : tasks) {
        Descriptor stored = task.await();
        Compression actual = Compression.ofMediaType(stored.mediaType());
        layers.add(stored.withMediaType(ManifestFormat.OCI.layerType(actual)));
      }
      return layers;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlipwayException(ErrorKind.CANCELLED, "build cancelled", e);
    } catch (Exception e) {
      throw new SlipwayException(ErrorKind.INTERNAL, "packing layers: " + e.getMessage(), e);
    }
  }
}
