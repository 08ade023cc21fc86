package io.slipway.image.remote;

import io.slipway.image.model.Digest;
import java.time.Duration;

/** Tells a listener of bytes moved, a few times a second at most. */
final class ProgressMeter {
  private static final long INTERVAL_NANOS = Duration.ofMillis(100).toNanos();

  private final TransferListener listener;
  private final Digest layer;
  private final TransferState state;
  private final long total;
  private long current;
  private long lastEvent;

  ProgressMeter(TransferListener listener, Digest layer, TransferState state, long total) {
    this.listener = listener;
    this.layer = layer;
    this.state = state;
    this.total = total;
    this.lastEvent = System.nanoTime() - INTERVAL_NANOS;
  }

  synchronized void moveTo(long position) {
    current = position;
    long now = System.nanoTime();
    if (now - lastEvent >= INTERVAL_NANOS || current == total) {
      lastEvent = now;
      listener.on(new TransferEvent(layer, state, current, total, ""));
    }
  }

  /** Bytes moved so far. */
  synchronized long current() {
    return current;
  }

  /** Tells of a wait before the next attempt. */
  void retrying(Duration delay) {
    long seconds = Math.max(1, delay.toSeconds());
    listener.on(
        new TransferEvent(
            layer,
            TransferState.RETRYING,
            0,
            0,
            seconds + (seconds == 1 ? " second" : " seconds")));
  }
}
