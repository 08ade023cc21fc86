package io.slipway.engine.http;

import java.io.IOException;

/** One endpoint: blocking, straight-line code on the virtual thread of its request. */
@FunctionalInterface
public interface RouteHandler {
  /**
   * Answers {@code request}.
   *
   * @throws IOException answered as an internal error
   * @throws InterruptedException when the engine stops
   */
  Reply handle(Request request) throws IOException, InterruptedException;
}
