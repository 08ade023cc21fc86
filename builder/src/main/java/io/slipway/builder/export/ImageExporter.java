package io.slipway.builder.export;

import io.slipway.builder.frontend.BuildPlan;
import io.slipway.builder.frontend.ImageDraft;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.content.Lease;
import io.slipway.image.content.VerifiedBlobs;
import io.slipway.image.model.Digest;
import io.slipway.image.model.History;
import io.slipway.image.model.ImageConfig;
import io.slipway.image.model.RootFs;
import io.slipway.image.name.Reference;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes images in the catalog of built trees. */
public final class ImageExporter {
  private final ExportTools tools;
  private final ImageTimes times;

  public ImageExporter(ExportTools tools, ImageTimes times) {
    this.tools = tools;
    this.times = times;
  }

  /**
   * Makes the image, or finds that it is there already: the same tree and config are the same image
   * whenever they are built.
   *
   * @param top the built tree; empty for an image without layers
   * @param lease keeps the image's parts until it is in the catalog
   * @param last changes the config when all else is in it
   */
  public Digest export(
      BuildPlan plan, Optional<SnapshotKey> top, List<Reference> tags, Lease lease, LastTouch last)
      throws IOException {
    ImageConfig config = last.on(plan, config(plan, top));
    config.rootFs().chain().forEach(lease::pin);
    lease.pin(config.id());
    Optional<ImageRecord> known = tools.catalog().find(config.id());
    if (known.isEmpty() || tools.blobs().stat(config.id()).isEmpty()) {
      new VerifiedBlobs(tools.blobs()).put(config.bytes());
      known = Optional.of(tools.catalog().add(config.id(), List.of()));
    }
    for (Reference tag : tags) {
      if (!known.get().tags().contains(tag)) {
        tools.catalog().tag(config.id(), tag);
      }
    }
    return config.id();
  }

  /** The image's config; names its layers. */
  ImageConfig config(BuildPlan plan, Optional<SnapshotKey> top) throws IOException {
    ImageDraft draft = plan.image();
    if (top.isPresent()) {
      // works out, once, what the layers are called: from then on the snapshots know
      tools.identities().identify(top.get());
    }
    List<Snapshot.Committed> layers = BuiltTree.of(tools.snapshotter(), top).layers();
    List<Digest> diffIds =
        layers.stream().map(layer -> layer.identity().orElseThrow().diffId()).toList();
    Optional<Instant> epoch =
        plan.sourceDateEpoch().isPresent()
            ? Optional.of(Instant.ofEpochSecond(plan.sourceDateEpoch().getAsLong()))
            : Optional.empty();
    List<Instant> layerTimes =
        layers.subList(draft.baseLayers(), layers.size()).stream()
            .map(layer -> epoch.orElse(layer.created()))
            .toList();
    Instant withoutLayer =
        epoch.isPresent() || !layerTimes.isEmpty()
            ? epoch.orElse(Instant.EPOCH)
            : times.of(draft, diffIds);
    List<History> history = ImageHistory.of(draft, layerTimes, withoutLayer);
    Instant created = layerTimes.isEmpty() ? withoutLayer : layerTimes.getLast();
    return new ImageConfig.Builder(draft.platform())
        .author(draft.author())
        .created(Optional.of(created))
        .config(draft.config())
        .rootFs(new RootFs(diffIds))
        .history(history)
        .build();
  }
}
