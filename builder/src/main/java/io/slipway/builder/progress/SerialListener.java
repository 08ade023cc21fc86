package io.slipway.builder.progress;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** Passes events on one at a time, whichever threads they come from. */
public final class SerialListener implements BuildListener {
  private final BuildListener listener;
  private final ReentrantLock turn = new ReentrantLock();

  public SerialListener(BuildListener listener) {
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  @Override
  public void on(BuildEvent event) {
    turn.lock();
    try {
      listener.on(event);
    } finally {
      turn.unlock();
    }
  }
}
