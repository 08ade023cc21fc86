package io.slipway.builder.prune;

import io.slipway.builder.op.FailedStep;
import java.time.Instant;

/** A failed step that is kept, what it takes on disk and when it was last of use. */
record FailedUse(FailedStep step, long bytes, Instant used) {}
