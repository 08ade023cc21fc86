package io.slipway.engine.http;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * A connection after it left HTTP. The two directions end independently: docker shuts its sending
 * side as soon as stdin ends and goes on reading.
 */
public interface HijackedStream {
  /** What the client sends; ends when the client shuts its sending side or is gone. */
  InputStream input();

  /**
   * What the client gets; blocks while the client does not read, fails when it is gone. Each write
   * is sent at once.
   */
  OutputStream output();

  /** Fires when the connection is closed in both directions. */
  Cancellation closed();
}
