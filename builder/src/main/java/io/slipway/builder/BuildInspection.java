package io.slipway.builder;

import io.slipway.builder.check.BuildChecks;
import io.slipway.builder.check.CheckFacts;
import io.slipway.builder.check.CheckReport;
import io.slipway.builder.check.Outline;
import io.slipway.builder.check.StrictChecks;
import io.slipway.builder.check.StrictFinding;
import io.slipway.builder.context.BuildContext;
import io.slipway.builder.frontend.FrontendInput;
import io.slipway.dockerfile.ast.Dockerfile;
import io.slipway.dockerfile.check.CheckOptionException;
import io.slipway.dockerfile.check.CheckOptions;
import io.slipway.dockerfile.check.CheckWarning;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Looks at a Dockerfile without building it. */
public final class BuildInspection implements AutoCloseable {
  private static final String OPTIONS_ARGUMENT = "BUILDKIT_DOCKERFILE_CHECK";

  private final BuildContext context;
  private final FrontendInput input;
  private final KnownBases images;

  BuildInspection(BuildContext context, FrontendInput input, KnownBases images) {
    this.context = context;
    this.input = input;
    this.images = images;
  }

  /** All checks; images that cannot be had are passed over. */
  public CheckReport check(boolean strict) {
    return report(name -> images.fetch(name, platform()), strict);
  }

  /** All checks, with nothing looked up that the build has not looked up already. */
  CheckReport checkWithKnown(boolean strict) {
    return report(name -> images.base(name, platform()), strict);
  }

  private Platform platform() {
    return input.options().platform().orElse(input.hostPlatform());
  }

  private CheckReport report(Function<String, Optional<CheckFacts.Base>> bases, boolean strict) {
    Dockerfile file = input.dockerfile();
    CheckOptions options = options(file);
    var facts =
        new CheckFacts(
            bases,
            context::isIgnored,
            context::isDirectory,
            context::exists,
            input.options().buildArgs().keySet(),
            platform());
    List<CheckWarning> warnings = BuildChecks.run(file, options, facts);
    List<StrictFinding> findings = strict ? StrictChecks.run(file, facts) : List.of();
    return new CheckReport(
        input.source().file(),
        input.source().text(),
        warnings,
        findings,
        options.failure(warnings));
  }

  private CheckOptions options(Dockerfile file) {
    try {
      String given = input.options().buildArgs().get(OPTIONS_ARGUMENT);
      return given == null ? CheckOptions.of(file) : CheckOptions.parse(given);
    } catch (CheckOptionException e) {
      throw new SlipwayException(ErrorKind.INVALID, e.getMessage(), e);
    }
  }

  /** The name and the whole text of the Dockerfile. */
  public CheckReport source() {
    return new CheckReport(
        input.source().file(), input.source().text(), List.of(), List.of(), Optional.empty());
  }

  /** What the wanted target takes. */
  public Outline outline() {
    return Outline.of(input.dockerfile(), input.options().target(), input.options().buildArgs());
  }

  /** The stages that can be built. */
  public List<Outline.Target> targets() {
    return Outline.targets(input.dockerfile());
  }

  @Override
  public void close() {
    context.close();
  }
}
