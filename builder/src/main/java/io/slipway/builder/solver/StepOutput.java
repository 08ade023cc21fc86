package io.slipway.builder.solver;

import io.slipway.builder.progress.BuildEvent;
import java.util.OptionalLong;

/** Where a running step's output and progress go. Safe for threads. */
public interface StepOutput {

  void log(BuildEvent.Stream stream, byte[] buffer, int offset, int length);

  void progress(String item, long current, OptionalLong total);
}
