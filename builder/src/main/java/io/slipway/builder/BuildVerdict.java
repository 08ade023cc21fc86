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
import java.time.Instant;
import java.util.Optional;

/** What checks say of a build that is about to begin. */
final class BuildVerdict {
  private final BuildRequest request;
  private final BuildContext context;
  private final FrontendInput input;
  private final KnownBases images;

  BuildVerdict(BuildRequest request, BuildContext context, FrontendInput input, KnownBases images) {
    this.request = request;
    this.context = context;
    this.input = input;
    this.images = images;
  }

  /** Tells what looks wrong; fails what is asked to fail for it. */
  void tell(BuildListener listener) {
    CheckReport report =
        new BuildInspection(context, input, images).checkWithKnown(request.extras().strict());
    for (CheckWarning warning : report.warnings()) {
      warn(listener, warning.sentence(), warning.range());
    }
    if (report.failure().isPresent()) {
      throw SlipwayException.invalid(report.failure().get());
    }
    for (StrictFinding finding : report.findings().stream().skip(1).toList()) {
      warn(listener, finding.sentence(), finding.range());
    }
    if (!report.findings().isEmpty()) {
      StrictFinding first = report.findings().getFirst();
      throw new DockerfileException(
          ErrorKind.INVALID,
          first.sentence(),
          Optional.of(input.source().excerpt(first.range())),
          null);
    }
  }

  private void warn(BuildListener listener, String sentence, SourceRange range) {
    var excerpt = Optional.of(input.source().excerpt(range));
    listener.on(new BuildEvent.Warning(Instant.now(), sentence, excerpt));
  }
}
