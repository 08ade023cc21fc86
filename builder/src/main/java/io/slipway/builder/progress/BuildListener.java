package io.slipway.builder.progress;

/** Receives a build's events, one at a time. A slow listener slows the build down. */
@FunctionalInterface
public interface BuildListener {

  /** Listens to nothing. */
  BuildListener SILENT = event -> {};

  void on(BuildEvent event);
}
