package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;

/**
 * Where a build's progress is shown. Closing leaves the cursor below what was shown; twice is once.
 */
interface BuildScreen extends AutoCloseable {
  /** A piece of the daemon's own text. */
  void text(String text);

  /** An event of the build, as the daemon describes it in {@code progress=rawjson}. */
  void event(JsonValue event);

  @Override
  void close();
}
