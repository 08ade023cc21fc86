package io.slipway.registry.http;

/** Is told of every request when its answer is with the kernel, on an event loop. */
interface VisitListener {

  /**
   * @param bytes the body's length; what was sent of it is unknown when {@code complete} is false
   */
  void ended(Visit visit, int status, long bytes, boolean complete);
}
