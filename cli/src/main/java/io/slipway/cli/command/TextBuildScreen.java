package io.slipway.cli.command;

import io.slipway.cli.client.JsonValue;
import java.io.PrintStream;

/** Progress as plain lines: the daemon's text as it comes, or its events one JSON object a line. */
record TextBuildScreen(PrintStream out, boolean events) implements BuildScreen {
  @Override
  public void text(String text) {
    if (!events) {
      out.print(text);
      out.flush();
    }
  }

  @Override
  public void event(JsonValue event) {
    if (events) {
      out.println(event.print(false));
      out.flush();
    }
  }

  @Override
  public void close() {
    out.flush();
  }
}
