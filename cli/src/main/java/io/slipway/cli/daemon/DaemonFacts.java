package io.slipway.cli.daemon;

import io.slipway.builder.prune.BuildCache;
import io.slipway.engine.build.BuildCacheJson;
import io.slipway.engine.container.ContainerService;
import io.slipway.engine.http.Filters;
import io.slipway.engine.image.ImageSummaryJson;
import io.slipway.engine.image.ImageViews;
import io.slipway.engine.image.StoredImages;
import io.slipway.engine.system.SystemFacts;
import io.slipway.engine.volume.VolumeRoutes;
import io.slipway.image.catalog.ImageRecord;
import io.slipway.image.content.Layer;
import io.slipway.image.model.ChainId;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What {@code info} and {@code system df} count. */
record DaemonFacts(
    ImageParts parts,
    StoredImages stored,
    ImageViews views,
    ContainerService service,
    VolumeRoutes volumes,
    BuildCache buildCache)
    implements SystemFacts {

  @Override
  public ContainerCounts containers() {
    ContainerService.Counts counts = service.counts();
    return new ContainerCounts(counts.all(), counts.running(), counts.paused(), counts.stopped());
  }

  @Override
  public int images() {
    return parts.catalog().list().size();
  }

  @Override
  public DiskUsage diskUsage() throws IOException {
    List<ImageSummaryJson> images = views.list(Filters.parse(""), true);
    return new DiskUsage(
        layersBytes(),
        images,
        service.usage(),
        volumes.usage(),
        BuildCacheJson.of(buildCache.list()));
  }

  /** A layer that several images stand on counts once. */
  private long layersBytes() throws IOException {
    Set<ChainId> counted = new HashSet<>();
    long bytes = 0;
    for (ImageRecord image : parts.catalog().list()) {
      for (Layer layer : Layer.of(stored.config(image.id()).rootFs())) {
        if (counted.add(layer.chainId())) {
          bytes += stored.size(layer);
        }
      }
    }
    return bytes;
  }
}
