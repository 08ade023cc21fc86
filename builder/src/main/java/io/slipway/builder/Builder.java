package io.slipway.builder;

/** Builds images. One per daemon; builds may be open at the same time and share their work. */
public interface Builder {

  /**
   * Reads and checks what is asked for: unpacks a sent context, finds the Dockerfile, parses it.
   * Nothing is run yet, so what this throws can be answered before any output is sent.
   *
   * @throws io.slipway.builder.error.DockerfileException the Dockerfile cannot be built, with the
   *     lines at fault
   * @throws io.slipway.image.error.SlipwayException INVALID for an impossible request or a broken
   *     context, NOT_FOUND for a missing Dockerfile or context, UNSUPPORTED naming the option
   */
  Build open(BuildRequest request);
}
