package io.slipway.builder.progress;

import io.slipway.builder.error.SourceExcerpt;
import io.slipway.image.model.Bytes;
import io.slipway.image.model.Digest;
import io.slipway.image.name.Reference;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that happened in a build. The only way the builder talks to people; programs read the
 * result or the exception instead.
 */
public sealed interface BuildEvent {

  Instant at();

  /** The Dockerfile is understood: these instructions will be carried out, in this order. */
  record Planned(Instant at, List<PlannedStep> steps) implements BuildEvent {
    public Planned {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A step begins.
   *
   * @param name for people, such as {@code [build 2/4] RUN make}
   */
  record Started(Instant at, StepId step, String name) implements BuildEvent {}

  /** Why a step that has begun is not cached. */
  record Missed(Instant at, StepId step, CacheMiss why) implements BuildEvent {}

  /** A step need not be carried out: its result is there. */
  record Cached(Instant at, StepId step, String name) implements BuildEvent {}

  /** Output of a step; not cut at line ends, not always whole characters. */
  record Log(Instant at, StepId step, Stream stream, Bytes data) implements BuildEvent {}

  /** Where output comes from. */
  enum Stream {
    STDOUT,
    STDERR
  }

  /**
   * How far a transfer within a step has come.
   *
   * @param item what is transferred, unique within the step
   * @param current bytes so far
   * @param total bytes in all, if known
   */
  record Progress(Instant at, StepId step, String item, long current, OptionalLong total)
      implements BuildEvent {}

  /** A step ended well. */
  record Done(Instant at, StepId step) implements BuildEvent {}

  /** A step failed; the build will end with the failure that came first. */
  record Failed(Instant at, StepId step, String message, Optional<SourceExcerpt> excerpt)
      implements BuildEvent {}

  /** A step was stopped, because the build was cancelled or another step failed. */
  record Cancelled(Instant at, StepId step) implements BuildEvent {}

  /** Something to look at that does not stop the build. */
  record Warning(Instant at, String message, Optional<SourceExcerpt> excerpt)
      implements BuildEvent {}

  /** The image is in the catalog. */
  record Exported(Instant at, Digest imageId, List<Reference> tags) implements BuildEvent {
    public Exported {
      tags = List.copyOf(tags);
    }
  }
}
