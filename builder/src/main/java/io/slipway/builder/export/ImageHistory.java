package io.slipway.builder.export;

import io.slipway.builder.frontend.ImageDraft;
import io.slipway.image.model.History;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An image's history: the base's as it is, then a line for each instruction with its time. */
final class ImageHistory {
  private static final String COMMENT = "buildkit.dockerfile.v0";
  private static final String MISSING = "missing history";

  private ImageHistory() {}

  /**
   * The whole history.
   *
   * @param layerTimes of the layers that this build added, in order
   * @param withoutLayer the time of instructions if there is no layer at all beside them
   */
  static List<History> of(ImageDraft draft, List<Instant> layerTimes, Instant withoutLayer) {
    var history = new ArrayList<>(base(draft));
    Instant time = layerTimes.isEmpty() ? withoutLayer : layerTimes.getFirst();
    int layers = 0;
    for (ImageDraft.Step step : draft.steps()) {
      if (step.layer()) {
        time = layerTimes.get(layers++);
      }
      history.add(
          new History(Optional.of(time), step.createdBy(), step.author(), COMMENT, !step.layer()));
    }
    return history;
  }

  /** A base whose history does not fit its layers is made to fit, or nothing after it would. */
  private static List<History> base(ImageDraft draft) {
    var history = new ArrayList<History>();
    int layers = 0;
    for (History line : draft.baseHistory()) {
      boolean surplus = !line.emptyLayer() && layers == draft.baseLayers();
      history.add(
          surplus
              ? new History(line.created(), line.createdBy(), line.author(), line.comment(), true)
              : line);
      if (!line.emptyLayer() && !surplus) {
        layers++;
      }
    }
    for (; layers < draft.baseLayers(); layers++) {
      history.add(new History(Optional.empty(), "", "", MISSING, false));
    }
    return history;
  }
}
