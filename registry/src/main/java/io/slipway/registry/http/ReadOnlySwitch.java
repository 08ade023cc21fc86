package io.slipway.registry.http;

import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Whether the registry takes changes. It does not when the settings say so, nor while there is a
 * {@link ReadOnlyMark}, which is looked for every second.
 */
final class ReadOnlySwitch {
  private static final long RECHECK_NANOS = 1_000_000_000;

  private final boolean always;
  private final Path dataRoot;
  private final LongSupplier nanoTime;
  private volatile boolean marked;
  private volatile long checked;

  ReadOnlySwitch(boolean always, Path dataRoot, LongSupplier nanoTime) {
    this.always = always;
    this.dataRoot = dataRoot;
    this.nanoTime = nanoTime;
    this.checked = nanoTime.getAsLong() - RECHECK_NANOS;
  }

  /** Asked for changes only, so that reading pays nothing for it. */
  boolean isOn() {
    long now = nanoTime.getAsLong();
    if (!always && now - checked >= RECHECK_NANOS) {
      marked = ReadOnlyMark.isSet(dataRoot);
      checked = now;
    }
    return always || marked;
  }
}
