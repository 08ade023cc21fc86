package io.slipway.engine.system;

import java.io.IOException;
import java.util.List;

/** What the other resources tell about themselves; {@code cli.daemon} connects them. */
public interface SystemFacts {
  /** Numbers of containers: all, running, paused, stopped. */
  record ContainerCounts(int all, int running, int paused, int stopped) {}

  ContainerCounts containers();

  int images();

  /** What each resource takes on disk, for {@code system df}. */
  DiskUsage diskUsage() throws IOException;

  /**
   * Disk usage as the API shows it.
   *
   * @param layersBytes all image layers together, each counted once
   */
  record DiskUsage(
      long layersBytes,
      List<? extends Record> images,
      List<? extends Record> containers,
      List<? extends Record> volumes,
      List<? extends Record> buildCache) {
    public DiskUsage {
      images = List.copyOf(images);
      containers = List.copyOf(containers);
      volumes = List.copyOf(volumes);
      buildCache = List.copyOf(buildCache);
    }
  }
}
