package io.slipway.builder.frontend;

import io.slipway.image.model.ContainerConfig;
import io.slipway.image.model.History;
import io.slipway.image.model.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The image's config before its layers are known.
 *
 * @param baseLayers how many layers come from the base image
 * @param baseHistory the base image's history, kept as it is
 * @param steps what each instruction adds to the history
 */
public record ImageDraft(
    Platform platform,
    String author,
    ContainerConfig config,
    int baseLayers,
    List<History> baseHistory,
    List<Step> steps) {

  /**
   * A line of history without its time.
   *
   * @param layer whether the instruction made a layer
   */
  public record Step(String createdBy, String author, boolean layer) {
    public Step {
      Objects.requireNonNull(createdBy, "createdBy");
      Objects.requireNonNull(author, "author");
    }
  }

  public ImageDraft {
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(author, "author");
    Objects.requireNonNull(config, "config");
    baseHistory = List.copyOf(baseHistory);
    steps = List.copyOf(steps);
  }

  /** An image without anything. */
  static ImageDraft scratch(Platform platform) {
    return new ImageDraft(platform, "", ContainerConfig.EMPTY, 0, List.of(), List.of());
  }

  /** An image that starts from another one. */
  static ImageDraft of(BaseImage image) {
    var config = image.config();
    return new ImageDraft(
        config.platform(),
        config.author(),
        config.config(),
        config.rootFs().diffIds().size(),
        config.history(),
        List.of());
  }

  /** The same with one layer for all that was added, as docker's squashed images tell it. */
  ImageDraft squashed() {
    var more = new ArrayList<Step>();
    steps.forEach(step -> more.add(new Step(step.createdBy(), step.author(), false)));
    long layers = steps.stream().filter(Step::layer).count();
    more.add(new Step("squash " + layers + (layers == 1 ? " layer" : " layers"), "", true));
    return new ImageDraft(platform, author, config, baseLayers, baseHistory, more);
  }

  ImageDraft withConfig(ContainerConfig value) {
    return new ImageDraft(platform, author, value, baseLayers, baseHistory, steps);
  }

  ImageDraft withAuthor(String value) {
    return new ImageDraft(platform, value, config, baseLayers, baseHistory, steps);
  }

  ImageDraft withStep(String createdBy, String stepAuthor, boolean layer) {
    var more = new ArrayList<>(steps);
    more.add(new Step(createdBy, stepAuthor, layer));
    return new ImageDraft(platform, author, config, baseLayers, baseHistory, more);
  }
}
