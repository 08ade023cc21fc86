package io.slipway.image.content;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What has arrived of some content, readable by any thread while more comes. */
public interface ReceivedBytes {

  /**
   * Reads at {@code position} into {@code target}, not yet verified: the number of bytes, or -1
   * when nothing has arrived there. {@link java.nio.channels.ClosedChannelException} once the
   * ingest has ended.
   */
  int read(ByteBuffer target, long position) throws IOException;
}
