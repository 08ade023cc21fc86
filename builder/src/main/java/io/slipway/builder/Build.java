package io.slipway.builder;

import io.slipway.builder.progress.BuildListener;

/** One build, ready to run once. */
public interface Build extends AutoCloseable {

  /**
   * Runs the build to its end on the calling thread.
   *
   * @param listener is told everything there is to show, also why a build fails
   * @throws io.slipway.builder.error.StepFailedException a RUN ended with another status than 0
   * @throws io.slipway.builder.error.DockerfileException an instruction cannot be carried out
   * @throws io.slipway.image.error.SlipwayException CANCELLED after {@link #cancel}, else what went
   *     wrong
   */
  BuildResult run(BuildListener listener);

  /**
   * Ends a running build from another thread: running steps are killed and nothing of them stays.
   * Does nothing when the build has ended; a build that has not begun will not begin.
   */
  void cancel();

  /**
   * Removes the unpacked context. To be called when {@link #run} has returned, or instead of it.
   */
  @Override
  void close();
}
