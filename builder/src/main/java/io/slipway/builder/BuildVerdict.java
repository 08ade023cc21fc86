package io.slipway.builder;

import io.slipway.builder.check.CheckReport;
import io.slipway.builder.check.StrictFinding;
import io.slipway.builder.context.BuildContext;
import io.slipway.builder.error.DockerfileException;
import io.slipway.builder.frontend.FrontendInput;
import io.slipway.builder.progress.BuildEvent;
import io.slipway.builder.progress.BuildListener;
import io.slipway.dockerfile.ast.SourceRange;
import io.slipway.dockerfile.check.CheckWarning;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Platform;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What checks say of a build that is about to begin. */
final class BuildVerdict {
  private final BuildRequest request;
  private final BuildContext context;
  private final List<FrontendInput> inputs;
  private final KnownBases images;

  BuildVerdict(
      BuildRequest request, BuildContext context, List<FrontendInput> inputs, KnownBases images) {
    this.request = request;
    this.context = context;
    this.inputs = inputs;
    this.images = images;
  }

  /** Tells what looks wrong for any platform; fails what is asked to fail for it. */
  void tell(BuildListener listener) {
    Set<CheckWarning> warnings = new LinkedHashSet<>();
    Set<StrictFinding> findings = new LinkedHashSet<>();
    Optional<String> failure = Optional.empty();
    for (FrontendInput input : forEachPlatform()) {
      CheckReport report =
          new BuildInspection(context, input, images).checkWithKnown(request.extras().strict());
      warnings.addAll(report.warnings());
      findings.addAll(report.findings());
      failure = failure.or(report::failure);
    }
    warnings.forEach(warning -> warn(listener, warning.sentence(), warning.range()));
    if (failure.isPresent()) {
      throw SlipwayException.invalid(failure.get());
    }
    refuse(List.copyOf(findings), listener);
  }

  /** Checks look at the whole file, whichever stage is built. */
  private Collection<FrontendInput> forEachPlatform() {
    var inputsByPlatform = new LinkedHashMap<Optional<Platform>, FrontendInput>();
    inputs.forEach(input -> inputsByPlatform.putIfAbsent(input.options().platform(), input));
    return inputsByPlatform.values();
  }

  private void refuse(List<StrictFinding> findings, BuildListener listener) {
    for (StrictFinding finding : findings.stream().skip(1).toList()) {
      warn(listener, finding.sentence(), finding.range());
    }
    if (!findings.isEmpty()) {
      StrictFinding first = findings.getFirst();
      throw new DockerfileException(
          ErrorKind.INVALID,
          first.sentence(),
          Optional.of(inputs.getFirst().source().excerpt(first.range())),
          null);
    }
  }

  private void warn(BuildListener listener, String sentence, SourceRange range) {
    var excerpt = Optional.of(inputs.getFirst().source().excerpt(range));
    listener.on(new BuildEvent.Warning(Instant.now(), sentence, excerpt));
  }
}
