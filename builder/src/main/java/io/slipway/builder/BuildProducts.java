package io.slipway.builder;

import io.slipway.builder.export.BuildOutput;
import io.slipway.builder.frontend.BuildOptions;
import io.slipway.builder.frontend.FrontendInput;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one build makes: stages, each for one or more platforms, all of one graph.
 *
 * @param byTarget inputs of plans by the name of the stage, an input for each platform
 */
record BuildProducts(Map<String, List<FrontendInput>> byTarget) {

  static BuildProducts of(BuildRequest request, FrontendInput input) {
    var byTarget = new LinkedHashMap<String, List<FrontendInput>>();
    for (BuildOutput output : request.outputs()) {
      byTarget.computeIfAbsent(target(request, output), t -> inputs(request, input, t));
      refuseSeveral(request, output);
    }
    if (byTarget.isEmpty()) {
      String target = key(request.options().target());
      byTarget.put(target, inputs(request, input, target));
    }
    return new BuildProducts(byTarget);
  }

  /** The stage an output is made of. */
  static String target(BuildRequest request, BuildOutput output) {
    return key(output.target().isEmpty() ? request.options().target() : output.target());
  }

  private static String key(String target) {
    return target.toLowerCase(Locale.ROOT);
  }

  private static List<FrontendInput> inputs(
      BuildRequest request, FrontendInput input, String target) {
    if (request.platforms().isEmpty()) {
      return List.of(input.with(input.options().withTarget(target)));
    }
    List<FrontendInput> inputs = new ArrayList<>();
    for (Platform platform : request.platforms()) {
      BuildOptions options =
          input.options().with(o -> o.target(target).platform(Optional.of(platform)));
      inputs.add(request.platforms().size() > 1 ? input.oneOfMany(options) : input.with(options));
    }
    return inputs;
  }

  /** The catalog, like docker's own, keeps an image of one platform under a name. */
  private static void refuseSeveral(BuildRequest request, BuildOutput output) {
    boolean single =
        output instanceof BuildOutput.Image
            || output instanceof BuildOutput.Archive archive && archive.docker();
    if (single && request.platforms().size() > 1) {
      throw SlipwayException.invalid(
          "an image for several platforms ("
              + String.join(",", request.platforms().stream().map(Platform::toString).toList())
              + ") cannot be kept by this engine: push it (--push), or write it with"
              + " --output type=oci,dest=FILE");
    }
  }

  List<FrontendInput> inputs() {
    return byTarget.values().stream().flatMap(List::stream).toList();
  }
}
