package io.slipway.builder.waste;

import io.slipway.builder.cache.SqliteCacheIndex;
import io.slipway.builder.error.SourceExcerpt;
import io.slipway.builder.graph.StepInfo;
import io.slipway.builder.op.ResultNames;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.solver.SolvedStep;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.runtime.layer.OverlapWalk;
import io.slipway.runtime.snapshot.MountedView;
import io.slipway.runtime.snapshot.Snapshot;
import io.slipway.runtime.snapshot.SnapshotKey;
import io.slipway.runtime.snapshot.Snapshotter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the bytes that the layers of one build waste. */
public final class WasteReport {
  /** Less is not worth a warning. */
  static final long LEAST_BYTES = 100_000;

  private final Snapshotter snapshotter;
  private final SqliteCacheIndex index;
  private final Map<SnapshotKey, StepInfo> steps = new HashMap<>();
  private final Map<String, LayerWaste> known = new HashMap<>();

  /**
   * @param solved the steps of the build
   */
  public WasteReport(Snapshotter snapshotter, SqliteCacheIndex index, List<SolvedStep> solved) {
    this.snapshotter = snapshotter;
    this.index = index;
    for (SolvedStep step : solved) {
      if (step.vertex().info().excerpt().isPresent()) {
        ResultNames.of(step.key()).forEach(name -> steps.put(name, step.vertex().info()));
      }
    }
  }

  /** Warnings about the layers of a tree that steps of the build made, from the first on. */
  public List<BuildEvent.Warning> of(SnapshotKey top) throws IOException {
    List<Snapshot.Committed> layers = layers(top);
    recall(layers);
    var warnings = new ArrayList<BuildEvent.Warning>();
    for (int i = 0; i < layers.size(); i++) {
      Snapshot.Committed layer = layers.get(i);
      LayerWaste waste = known.get(layer.key().value());
      if (waste == null) {
        waste = find(layer, layers.subList(0, i));
        known.put(layer.key().value(), waste);
        index.note(layer.key().value(), layer.created(), waste.text());
      }
      warnings.addAll(warnings(steps.get(layer.key()), waste));
    }
    return warnings;
  }

  /** Those that steps made, the first first. */
  private List<Snapshot.Committed> layers(SnapshotKey top) {
    var layers = new ArrayList<Snapshot.Committed>();
    Optional<Snapshot> at = snapshotter.find(top);
    while (at.isPresent()) {
      if (at.get() instanceof Snapshot.Committed layer && steps.containsKey(layer.key())) {
        layers.addFirst(layer);
      }
      at = at.get().parent().flatMap(snapshotter::find);
    }
    return layers;
  }

  private void recall(List<Snapshot.Committed> layers) {
    var asked = new LinkedHashMap<String, Instant>();
    for (Snapshot.Committed layer : layers) {
      if (!known.containsKey(layer.key().value())) {
        asked.put(layer.key().value(), layer.created());
      }
    }
    if (!asked.isEmpty()) {
      index
          .notes(asked)
          .forEach(
              (layer, text) -> LayerWaste.parse(text).ifPresent(waste -> known.put(layer, waste)));
    }
  }

  private LayerWaste find(Snapshot.Committed layer, List<Snapshot.Committed> below)
      throws IOException {
    Optional<Snapshot> parent = layer.parent().flatMap(snapshotter::find);
    if (parent.isEmpty()) {
      return LayerWaste.NONE;
    }
    var found = new Found(below);
    try (MountedView view = snapshotter.view(parent.get())) {
      OverlapWalk.walk(layer.changes(), view.root(), found);
    }
    return found.waste;
  }

  private static final class Found implements OverlapWalk.Visitor {
    private final List<Snapshot.Committed> below;
    private LayerWaste waste = LayerWaste.NONE;

    Found(List<Snapshot.Committed> below) {
      this.below = below;
    }

    @Override
    public void repeated(String path, long bytes) {
      waste = waste.withRepeated(path, bytes);
    }

    @Override
    public void removed(String path) throws IOException {
      for (Snapshot.Committed layer : below) {
        long bytes = OverlapWalk.bytesAt(layer.changes(), path);
        if (bytes > 0) {
          waste = waste.withRemoved(layer.key().value(), path, bytes);
        }
      }
    }
  }

  private List<BuildEvent.Warning> warnings(StepInfo step, LayerWaste waste) {
    var warnings = new ArrayList<BuildEvent.Warning>();
    if (waste.repeated().bytes() >= LEAST_BYTES) {
      String detail =
          described(waste.repeated())
              + " is in the image again only for another mode or owner:"
              + " use COPY --chmod and --chown, or change it in the step that makes it";
      warnings.add(warning(step, "MetadataOnlyChange", detail));
    }
    waste
        .removed()
        .forEach((layer, amount) -> {
          StepInfo maker = steps.get(new SnapshotKey(layer));
          if (amount.bytes() >= LEAST_BYTES && maker != null) {
            String detail =
                described(amount)
                    + " is deleted here but stays in the layer of line "
                    + line(maker)
                    + ": delete it in the step that makes it";
            warnings.add(warning(step, "DeletedInLaterLayer", detail));
          }
        });
    return warnings;
  }

  private static BuildEvent.Warning warning(StepInfo step, String rule, String detail) {
    String sentence = rule + ": " + detail + " (line " + line(step) + ")";
    return new BuildEvent.Warning(Instant.now(), sentence, step.excerpt());
  }

  private static int line(StepInfo step) {
    return step.excerpt()
        .map(SourceExcerpt::faultStart)
        .orElseThrow(
            () -> new SlipwayException(ErrorKind.INTERNAL, "a step without lines: " + step.name()));
  }

  /** {@code 2.5MB (/var/cache and 3 others)}. */
  private static String described(LayerWaste.Amount amount) {
    int more = amount.files() - 1;
    String others = more == 0 ? "" : " and " + more + (more == 1 ? " other" : " others");
    return size(amount) + " (" + amount.example() + others + ")";
  }

  private static String size(LayerWaste.Amount amount) {
    double value = amount.bytes();
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f%s" : "%.0f%s", value, units[unit]);
  }
}
