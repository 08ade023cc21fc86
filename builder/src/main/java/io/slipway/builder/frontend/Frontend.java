package io.slipway.builder.frontend;

import io.slipway.dockerfile.ast.Diagnostic;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.word.ExpansionException;
import io.slipway.dockerfile.word.WordExpander;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns a Dockerfile and the caller's options into a {@link BuildPlan}. */
public final class Frontend {
  private static final String EPOCH = "SOURCE_DATE_EPOCH";

  private Frontend() {}

  /**
   * Finds out what is wrong with a Dockerfile without looking up any image.
   *
   * @throws io.slipway.builder.error.DockerfileException with the first fault
   */
  public static void check(FrontendInput input) {
    table(input);
    sourceDateEpoch(input.options());
  }

  /**
   * Plans the build; looks up the images that the needed stages name.
   *
   * @throws io.slipway.builder.error.DockerfileException with the lines at fault
   */
  public static BuildPlan plan(FrontendInput input, BaseImages images) {
    StageTable table = table(input);
    StageTable.Entry target = table.target(input.options().target());
    var planner = new StagePlanner(input, globals(input), table, images);
    planner.prefetch(target.index());
    StageResult result = planner.plan(target.index());
    ImageDraft image = withLabels(result.image(), input.options());
    return new BuildPlan(result.tree(), image, planner.steps(), sourceDateEpoch(input.options()));
  }

  private static StageTable table(FrontendInput input) {
    Dockerfile dockerfile = input.dockerfile();
    Optional<Diagnostic> error = dockerfile.firstError();
    if (error.isPresent()) {
      throw input.source().failure(error.get());
    }
    if (dockerfile.stages().isEmpty()) {
      throw SlipwayException.invalid("dockerfile contains no stages to build");
    }
    var table =
        StageTable.of(
            dockerfile,
            globals(input),
            new WordExpander(dockerfile.escape()),
            input.source(),
            new ContextNames(input.options().contexts(), platform(input)));
    table.target(input.options().target());
    table.checkSources(input.source());
    return table;
  }

  private static GlobalScope globals(FrontendInput input) {
    Platform target = platform(input);
    var expander = new WordExpander(input.dockerfile().escape());
    try {
      return GlobalScope.of(
          input.dockerfile().globalArgs(), input.options(), input.hostPlatform(), target, expander);
    } catch (ExpansionException e) {
      throw new SlipwayException(ErrorKind.INVALID, e.getMessage(), e);
    }
  }

  static Platform platform(FrontendInput input) {
    Platform host = input.hostPlatform();
    Platform platform = input.options().platform().orElse(host);
    if (!platform.os().equals(host.os())) {
      throw new SlipwayException(
          ErrorKind.UNSUPPORTED,
          "platform " + platform + " is not supported: this machine is " + host);
    }
    return platform;
  }

  private static ImageDraft withLabels(ImageDraft image, BuildOptions options) {
    if (options.labels().isEmpty()) {
      return image;
    }
    var labels = new java.util.TreeMap<>(image.config().labels());
    labels.putAll(options.labels());
    return image.withConfig(image.config().toBuilder().labels(labels).build());
  }

  private static OptionalLong sourceDateEpoch(BuildOptions options) {
    String text = options.buildArgs().getOrDefault(EPOCH, "");
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!text.matches("[0-9]{1,12}")) {
      throw SlipwayException.invalid("invalid " + EPOCH + ": " + text);
    }
    return OptionalLong.of(Long.parseLong(text));
  }
}
